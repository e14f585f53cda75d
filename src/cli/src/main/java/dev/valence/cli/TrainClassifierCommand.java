package dev.valence.cli;

import dev.valence.training.Classifier;
import dev.valence.training.ClassifierTrainer;
import dev.valence.training.Corpus;
import dev.valence.training.Hyperparameters;
import dev.valence.training.LanguageModel;
import dev.valence.training.SoftLabels;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code valence train classifier}. */
@Command(
    name = "classifier",
    description =
        "Fine-tune a language model to judge reviews: the one that comes with Valence, unless told"
            + " otherwise.")
final class TrainClassifierCommand implements Callable<Integer> {
  @Mixin private TrainingOptions options;
  @Mixin private CorpusOptions source;

  @Option(
      names = "--limit-labels",
      paramLabel = "N",
      description =
          "Know the labels of N reviews only, drawn by the seed, those held out included: to see"
              + " what labels are worth (default: all).")
  private Integer limit;

  @ArgGroup(multiplicity = "0..1")
  private Start start = new Start();

  @Option(
      names = "--soft-labels",
      paramLabel = "FILE",
      description =
          "Learn from these judgements of unlabelled reviews too, as 'valence train label' writes"
              + " them; of several files the mean. Say with --set unlabelled=N how many of them an"
              + " epoch takes for each labelled review.")
  private List<Path> softLabels = List.of();

  /** What the weights are at first. */
  private static final class Start {
    @Option(
        names = "--language-model",
        paramLabel = "DIR",
        description = "Start from what 'valence train lm' has finished there.")
    private Path languageModel;

    @Option(
        names = "--classifier",
        paramLabel = "DIR",
        description = "Go on from what 'valence train classifier' has written there.")
    private Path classifier;

    @Option(
        names = "--from-nothing",
        description = "Start from fresh weights and the words of these reviews alone.")
    private boolean nothing;
  }

  @Override
  public Integer call() {
    Corpus all = source.read("train");
    long seed = options.recipe().numbers(options.recipe().preset().classifier()).seed();
    Corpus corpus = limit == null ? all : all.withLabels(limit, seed);
    Corpus training = corpus.training(source.validation());
    Corpus validation = corpus.validation(source.validation());
    try (Interruption stop = new Interruption()) {
      if (start.classifier != null) {
        Classifier classifier = Classifier.read(start.classifier);
        trainer(classifier.facts().numbers(), training, stop)
            .train(training, validation, classifier);
      } else {
        LanguageModel languageModel = languageModel(training);
        trainer(languageModel.numbers(), training, stop).train(training, validation, languageModel);
      }
    }
    return 0;
  }

  private LanguageModel languageModel(Corpus training) {
    if (start.nothing) {
      RecipeOptions recipe = options.recipe();
      return LanguageModel.untrained(recipe.numbers(recipe.preset().classifier()), training);
    }
    Path folder =
        start.languageModel != null ? start.languageModel : new BundledModel().languageModel();
    return LanguageModel.read(folder);
  }

  private ClassifierTrainer trainer(
      Hyperparameters architecture, Corpus training, Interruption stop) {
    RecipeOptions recipe = options.recipe();
    Hyperparameters preset = recipe.preset().classifier().withArchitecture(architecture);
    SoftLabels taught =
        softLabels.isEmpty() ? SoftLabels.none() : SoftLabels.read(softLabels, training.labels());
    return new ClassifierTrainer(recipe.numbers(preset), taught, options.run(stop));
  }
}
