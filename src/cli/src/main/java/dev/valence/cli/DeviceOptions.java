package dev.valence.cli;

import dev.valence.training.Device;
import dev.valence.training.Progress;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a graph of the trainer computes on. */
final class DeviceOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private Integer towers;

  @Option(
      names = "--towers",
      paramLabel = "N",
      description = "Branches that work side by side (default: one a core, one on a GPU).")
  private void towers(Integer number) {
    BadUsage.requireAtLeast(1, spec, "--towers", number);
    towers = number;
  }

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

  /**
   * Refuses both options where nothing would read them.
   *
   * @param why what does not
   * @throws BadUsage if one is given
   */
  void requireNone(String why) {
    for (String option : List.of("--towers", "--device")) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new BadUsage(spec, "%s says nothing to %s; leave it out".formatted(option, why));
      }
    }
  }

  /** Finds what is to be computed on, and says what it is. */
  Device find(Progress progress) {
    return device.find(progress);
  }
}
