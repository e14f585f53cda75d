package dev.valence.cli;

import dev.valence.training.Hyperparameters;
import dev.valence.training.Preset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The numbers that a model is trained by. */
final class RecipeOptions {
  private static final Set<String> OF_LANGUAGE_MODELS = Set.of("bptt", "candidates");
  private static final Set<String> OF_CLASSIFIERS =
      Set.of(
          "lr_decay",
          "ema",
          "frozen",
          "frozen_lr",
          "unfreeze",
          "label_smoothing",
          "adversarial",
          "unlabelled",
          "head_size",
          "max_tokens",
          "max_len");

  @Mixin private DeviceOptions device;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "Hyper-parameters to start from: seed (the experiment of 2017), ulmfit (layers of 400,"
              + " 1150, 1150 and 400), valence (what the model that comes with Valence was trained"
              + " with), or small (for some hundred reviews of one's own) (default: seed).")
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
   * @throws CommandFailedException if one of them is a classifier's
   */
  Hyperparameters languageModel(Hyperparameters start) {
    refuse(OF_CLASSIFIERS, "a classifier");
    return start.with(replaced);
  }

  /**
   * A classifier's numbers with those replaced that the user gave.
   *
   * @throws CommandFailedException if one of them is a language model's
   */
  Hyperparameters classifier(Hyperparameters start) {
    refuse(OF_LANGUAGE_MODELS, "a language model");
    return start.with(replaced);
  }

  private void refuse(Set<String> names, String whose) {
    for (String name : replaced.keySet()) {
      if (names.contains(name)) {
        throw new CommandFailedException(
            "%s is a number of %s, and would change nothing here. Leave --set %s=%s out."
                .formatted(name, whose, name, replaced.get(name)));
      }
    }
  }

  DeviceOptions device() {
    return device;
  }
}
