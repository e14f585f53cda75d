package dev.valence.cli;

import dev.valence.training.Hyperparameters;
import dev.valence.training.Preset;
import dev.valence.training.TrainingTask;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The numbers that a model is trained by. */
final class RecipeOptions {
  @Mixin private DeviceOptions device;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "Hyper-parameters to start from: seed (the experiment of 2017), ulmfit (layers of 400,"
              + " 1150, 1150 and 400), valence (for an hour on two cores), or small (for some"
              + " hundred reviews of one's own) (default: seed).")
  private Preset preset = Preset.SEED;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Replace a hyper-parameter, for example --set bs=32.")
  private Map<String, String> replaced = new LinkedHashMap<>();

  Preset preset() {
    return preset;
  }

  /**
   * A language model's numbers with those replaced that the user gave.
   *
   * @throws dev.valence.training.TrainingException if one of them is a classifier's
   */
  Hyperparameters languageModel(Hyperparameters start) {
    TrainingTask.LANGUAGE_MODEL.requireRead(replaced.keySet());
    return start.with(replaced);
  }

  /**
   * A classifier's numbers with those replaced that the user gave.
   *
   * @param task whether it has a vocabulary to start from
   * @throws dev.valence.training.TrainingException if one of them would change nothing
   */
  Hyperparameters classifier(TrainingTask task, Hyperparameters start) {
    task.requireRead(replaced.keySet());
    return start.with(replaced);
  }

  DeviceOptions device() {
    return device;
  }
}
