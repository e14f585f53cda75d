package dev.valence.cli;

import dev.valence.training.Corpus;
import dev.valence.training.Hyperparameters;
import dev.valence.training.LanguageModelTrainer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code valence train lm}. */
@Command(name = "lm", description = "Pretrain the language model on all reviews, judged or not.")
final class TrainLanguageModelCommand implements Callable<Integer> {
  @Mixin private TrainingOptions options;
  @Mixin private CorpusOptions source;

  @Override
  public Integer call() {
    Hyperparameters numbers = options.recipe().numbers(options.recipe().preset().languageModel());
    Corpus corpus = source.read("train");
    try (Interruption stop = new Interruption()) {
      LanguageModelTrainer trainer = new LanguageModelTrainer(numbers, options.run(stop));
      trainer.train(corpus.training(source.validation()), corpus.validation(source.validation()));
    }
    return 0;
  }
}
