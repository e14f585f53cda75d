package dev.valence.cli;

import dev.valence.training.Classifier;
import dev.valence.training.ClassifierTrainer;
import dev.valence.training.Corpus;
import dev.valence.training.Hyperparameters;
import dev.valence.training.LanguageModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code valence train classifier}. */
@Command(name = "classifier", description = "Fine-tune a language model to judge reviews.")
final class TrainClassifierCommand implements Callable<Integer> {
  @Mixin private TrainingOptions options;
  @Mixin private CorpusOptions source;

  @ArgGroup(multiplicity = "1")
  private Start start;

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
  }

  @Override
  public Integer call() {
    Corpus corpus = source.read("train");
    Corpus training = corpus.training(source.validation());
    Corpus validation = corpus.validation(source.validation());
    try (Interruption stop = new Interruption()) {
      if (start.classifier != null) {
        Classifier classifier = Classifier.read(start.classifier);
        trainer(classifier.facts().numbers(), stop).train(training, validation, classifier);
      } else {
        LanguageModel languageModel = LanguageModel.read(start.languageModel);
        trainer(languageModel.numbers(), stop).train(training, validation, languageModel);
      }
    }
    return 0;
  }

  private ClassifierTrainer trainer(Hyperparameters architecture, Interruption stop) {
    RecipeOptions recipe = options.recipe();
    Hyperparameters preset = recipe.preset().classifier().withArchitecture(architecture);
    return new ClassifierTrainer(recipe.numbers(preset), options.run(stop));
  }
}
