package dev.valence.cli;

import dev.valence.training.Corpus;
import dev.valence.training.Hyperparameters;
import dev.valence.training.LanguageModel;
import dev.valence.training.LanguageModelTrainer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code valence train lm}. */
@Command(name = "lm", description = "Pretrain the language model on all reviews, judged or not.")
final class TrainLanguageModelCommand implements Callable<Integer> {
  @Mixin private TrainingOptions options;
  @Mixin private CorpusOptions source;

  @ArgGroup(multiplicity = "0..1")
  private Start start = new Start();

  /** What the weights are at first. */
  private static final class Start {
    @Option(
        names = "--language-model",
        paramLabel = "DIR",
        description =
            "Go on from the language model there: it keeps its words and takes in new ones (default:"
                + " start from nothing).")
    private Path languageModel;

    @Option(
        names = "--bundled",
        description = "Go on from the language model that comes with Valence.")
    private boolean bundled;
  }

  @Override
  public Integer call() {
    Supplier<Corpus> reviews = source.read("train", TopicCorpus.Use.TEXTS, options.out());
    new RunFolder(options.out()).alone(() -> train(reviews.get()));
    return 0;
  }

  private void train(Corpus corpus) {
    Corpus training = corpus.training(source.validation());
    Corpus validation = corpus.validation(source.validation());
    Hyperparameters preset = options.recipe().preset().languageModel();
    try (Interruption stop = new Interruption()) {
      if (start.languageModel == null && !start.bundled) {
        trainer(preset, stop).train(training, validation);
      } else {
        LanguageModel model =
            start.bundled
                ? new BundledModel().languageModel()
                : LanguageModel.read(start.languageModel);
        trainer(preset.withArchitecture(model.numbers()), stop).train(training, validation, model);
      }
    }
  }

  private LanguageModelTrainer trainer(Hyperparameters preset, Interruption stop) {
    return new LanguageModelTrainer(options.recipe().languageModel(preset), options.run(stop));
  }
}
