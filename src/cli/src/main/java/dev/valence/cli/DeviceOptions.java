package dev.valence.cli;

import dev.valence.training.Device;
import dev.valence.training.Progress;
import picocli.CommandLine.Option;

/** What a graph of the trainer computes on. */
final class DeviceOptions {
  @Option(
      names = "--towers",
      paramLabel = "N",
      description = "Branches that work side by side (default: one a core, one on a GPU).")
  private Integer towers;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cpu",
      description =
          "What to compute on: cpu, gpu, or auto, a GPU if there is one (default:"
              + " ${DEFAULT-VALUE}).")
  private Device.Choice device;

  int towers(Device found) {
    if (towers != null) {
      return towers;
    }
    return found == Device.GPU ? 1 : Runtime.getRuntime().availableProcessors();
  }

  /** Finds what is to be computed on, and says what it is. */
  Device find(Progress progress) {
    return device.find(progress);
  }
}
