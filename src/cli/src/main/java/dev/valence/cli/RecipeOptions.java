package dev.valence.cli;

import dev.valence.training.Device;
import dev.valence.training.Hyperparameters;
import dev.valence.training.Preset;
import dev.valence.training.Progress;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The numbers that a model is trained by. */
final class RecipeOptions {
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

  @Option(
      names = "--towers",
      paramLabel = "N",
      description = "Branches that train side by side (default: one a core, one on a GPU).")
  private Integer towers;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cpu",
      description =
          "What to compute on: cpu, gpu, or auto, a GPU if there is one (default:"
              + " ${DEFAULT-VALUE}).")
  private Device.Choice device;

  Preset preset() {
    return preset;
  }

  /** These numbers with those replaced that the user gave. */
  Hyperparameters numbers(Hyperparameters start) {
    return start.with(replaced);
  }

  int towers(Device found) {
    if (towers != null) {
      return towers;
    }
    return found == Device.GPU ? 1 : Runtime.getRuntime().availableProcessors();
  }

  /** Finds what is to be computed on, and says what it is. */
  Device device(Progress progress) {
    return device.find(progress);
  }
}
