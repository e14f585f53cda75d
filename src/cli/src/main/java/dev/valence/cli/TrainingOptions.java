package dev.valence.cli;

import dev.valence.training.Device;
import dev.valence.training.Progress;
import dev.valence.training.TrainingRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all training runs are told alike. */
final class TrainingOptions {
  @Mixin private RecipeOptions recipe;
  @Mixin private TokenCacheOption tokens;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the run; a run that was stopped there goes on.")
  private Path out;

  @Option(
      names = "--checkpoint-minutes",
      paramLabel = "N",
      defaultValue = "5",
      description = "Time between two checkpoints (default: ${DEFAULT-VALUE}).")
  private long checkpointMinutes;

  RecipeOptions recipe() {
    return recipe;
  }

  /** Folder of the run. */
  Path out() {
    return out;
  }

  /** The run that was asked for. */
  TrainingRun run(BooleanSupplier stop) {
    Progress progress = new Progress(System.err, System.console() != null);
    Device device = recipe.device().find(progress);
    return new TrainingRun(
        out,
        recipe.device().towers(device),
        Duration.ofMinutes(checkpointMinutes),
        progress,
        stop,
        device,
        Optional.of(tokens.cache(progress)));
  }
}
