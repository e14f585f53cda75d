package dev.valence.cli;

import dev.valence.training.Classifier;
import dev.valence.training.ClassifierTrainer;
import dev.valence.training.Corpus;
import dev.valence.training.Hyperparameters;
import dev.valence.training.LanguageModel;
import dev.valence.training.SoftLabels;
import dev.valence.training.TrainingTask;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code valence train classifier}. */
@Command(
    name = "classifier",
    description =
        "Teach a model to judge reviews. It starts from the classifier that comes with Valence, or"
            + " from the language model where none does, unless told otherwise; the labels may be"
            + " others than that one's.")
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
              + " them; of several files the geometric mean. Say with --set unlabelled=N how many of them an"
              + " epoch takes for each labelled review.")
  private List<Path> softLabels = List.of();

  /** What the weights are at first. */
  private static final class Start {
    @Option(
        names = "--language-model",
        paramLabel = "DIR",
        description = "Start from the language model that 'valence train lm' has written there.")
    private Path languageModel;

    @Option(
        names = "--bundled",
        description = "Start from the language model that comes with Valence.")
    private boolean bundled;

    @Option(
        names = "--classifier",
        paramLabel = "DIR",
        description =
            "Go on from what 'valence train classifier' has written there; from the mean of the"
                + " weights of several, which should have gone on from the same ones.")
    private List<Path> classifiers = List.of();

    @Option(
        names = "--from-nothing",
        description = "Start from fresh weights and the words of these reviews alone.")
    private boolean nothing;
  }

  @Override
  public Integer call() {
    TopicCorpus.Use use = softLabels.isEmpty() ? TopicCorpus.Use.LABELLED : TopicCorpus.Use.ALL;
    Supplier<Corpus> reviews = source.read("train", use, options.out());
    long seed = numbers(options.recipe().preset().classifier()).seed();
    new RunFolder(options.out())
        .alone(
            () -> {
              Corpus all = reviews.get();
              train(limit == null ? all : all.withLabels(limit, seed));
            });
    return 0;
  }

  private void train(Corpus corpus) {
    Corpus training = corpus.training(source.validation());
    Corpus validation = corpus.validation(source.validation());
    try (Interruption stop = new Interruption()) {
      Hyperparameters preset = options.recipe().preset().classifier();
      if (start.nothing) {
        LanguageModel untrained = LanguageModel.untrained(numbers(preset), training);
        trainer(preset, training, stop).train(training, validation, untrained);
      } else {
        Optional<Classifier> known = known();
        if (known.isPresent()) {
          Hyperparameters numbers = known.get().facts().numbers();
          Map<String, String> head = Map.of("head_size", Integer.toString(numbers.headSize()));
          trainer(preset.withArchitecture(numbers).with(head), training, stop)
              .train(training, validation, known.get());
        } else {
          LanguageModel model =
              start.languageModel != null
                  ? LanguageModel.read(start.languageModel)
                  : new BundledModel().languageModel();
          trainer(preset.withArchitecture(model.numbers()), training, stop)
              .train(training, validation, model);
        }
      }
    }
  }

  /** The classifier to go on from, if it is to be one. */
  private Optional<Classifier> known() {
    if (!start.classifiers.isEmpty()) {
      return Optional.of(
          Classifier.mean(start.classifiers.stream().map(Classifier::read).toList()));
    }
    return start.languageModel != null || start.bundled
        ? Optional.empty()
        : new BundledModel().classifier();
  }

  private ClassifierTrainer trainer(Hyperparameters preset, Corpus training, Interruption stop) {
    SoftLabels taught =
        softLabels.isEmpty() ? SoftLabels.none() : SoftLabels.read(softLabels, training.labels());
    return new ClassifierTrainer(numbers(preset), taught, options.run(stop));
  }

  private Hyperparameters numbers(Hyperparameters preset) {
    TrainingTask task =
        start.nothing ? TrainingTask.CLASSIFIER_FROM_NOTHING : TrainingTask.CLASSIFIER;
    return options.recipe().classifier(task, preset);
  }
}
