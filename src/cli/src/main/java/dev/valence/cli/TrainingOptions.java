package dev.valence.cli;

import dev.valence.training.Hyperparameters;
import dev.valence.training.Preset;
import dev.valence.training.Progress;
import dev.valence.training.TrainingRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
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
      names = "--preset",
      paramLabel = "NAME",
      description =
          "Hyper-parameters to start from: seed (the experiment of 2017), or ulmfit (layers of 400,"
              + " 1150, 1150 and 400) (default: seed).")
  private Preset preset = Preset.SEED;

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

  Preset preset() {
    return preset;
  }

  /** These numbers with those replaced that the user gave. */
  Hyperparameters numbers(Hyperparameters start) {
    return start.with(replaced);
  }

  /** The run that was asked for. */
  TrainingRun run(BooleanSupplier stop) {
    Progress progress = new Progress(System.err, System.console() != null);
    return new TrainingRun(out, towers, Duration.ofMinutes(checkpointMinutes), progress, stop);
  }
}
