package dev.valence.cli;

import dev.valence.training.ClassifierTrainer;
import dev.valence.training.Corpus;
import dev.valence.training.Hyperparameters;
import dev.valence.training.LanguageModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code valence train classifier}. */
@Command(name = "classifier", description = "Fine-tune a language model to judge reviews.")
final class TrainClassifierCommand implements Callable<Integer> {
  @Mixin private TrainingOptions options;
  @Mixin private CorpusOptions source;

  @Option(
      names = "--language-model",
      required = true,
      paramLabel = "DIR",
      description = "Folder that 'valence train lm' has finished.")
  private Path languageModel;

  @Override
  public Integer call() {
    LanguageModel start = LanguageModel.read(languageModel);
    Hyperparameters numbers =
        options.numbers(options.preset().classifier().withArchitecture(start.numbers()));
    Corpus corpus = source.read("train");
    try (Interruption stop = new Interruption()) {
      ClassifierTrainer trainer = new ClassifierTrainer(numbers, options.run(stop));
      trainer.train(
          corpus.training(source.validation()), corpus.validation(source.validation()), start);
    }
    return 0;
  }
}
