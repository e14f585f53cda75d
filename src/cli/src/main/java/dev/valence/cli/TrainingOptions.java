package dev.valence.cli;

import dev.valence.training.Device;
import dev.valence.training.Progress;
import dev.valence.training.TrainingRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all training runs are told alike. */
final class TrainingOptions {
  private static final long MINUTES_OF_A_YEAR = Duration.ofDays(365).toMinutes();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private RecipeOptions recipe;
  @Mixin private TokenCacheOption tokens;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the run; a run that was stopped there goes on.")
  private Path out;

  private long checkpointMinutes;

  @Option(
      names = "--checkpoint-minutes",
      paramLabel = "N",
      defaultValue = "5",
      description = "Time between two checkpoints (default: ${DEFAULT-VALUE}).")
  private void checkpointMinutes(long minutes) {
    BadUsage.requireFromTo(0, MINUTES_OF_A_YEAR, spec, "--checkpoint-minutes", minutes);
    checkpointMinutes = minutes;
  }

  RecipeOptions recipe() {
    return recipe;
  }

  /** Folder of the run. */
  Path out() {
    return out;
  }

  /** The run that was asked for. */
  TrainingRun run(BooleanSupplier stop) {
    Progress progress = TrainCommand.progress();
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
