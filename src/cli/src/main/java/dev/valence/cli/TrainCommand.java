package dev.valence.cli;

import dev.valence.training.Progress;
import picocli.CommandLine.Command;

/** {@code valence train}: the offline trainer. */
@Command(
    name = "train",
    description = "Train a model on reviews.",
    subcommands = {
      TrainLanguageModelCommand.class,
      TrainClassifierCommand.class,
      TrainLabelCommand.class,
      TrainLearningRateCommand.class,
      TrainEvaluateCommand.class,
      TrainGenerateCommand.class,
      TrainExportCommand.class,
      TrainBenchCommand.class
    })
final class TrainCommand {

  /** Shows how a run stands, to whoever started it. */
  static Progress progress() {
    return new Progress(System.err, System.console() != null);
  }
}
