package dev.valence.cli;

import dev.valence.training.Hyperparameters;
import dev.valence.training.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What all training runs are told alike. */
final class TrainingOptions {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the run; a run that was stopped there goes on.")
  private Path out;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Replace a hyper-parameter, for example --set bs=32.")
  private Map<String, String> replaced = new LinkedHashMap<>();

  @Option(
      names = "--towers",
      paramLabel = "N",
      description = "Branches that train side by side (default: one a core).")
  private int towers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--checkpoint-minutes",
      paramLabel = "N",
      defaultValue = "5",
      description = "Time between two checkpoints (default: ${DEFAULT-VALUE}).")
  private long checkpointMinutes;

  Path out() {
    return out;
  }

  int towers() {
    return towers;
  }

  Hyperparameters numbers(Hyperparameters preset) {
    return preset.with(replaced);
  }

  Duration checkpointEvery() {
    return Duration.ofMinutes(checkpointMinutes);
  }

  Progress progress() {
    return new Progress(System.err, System.console() != null);
  }
}
