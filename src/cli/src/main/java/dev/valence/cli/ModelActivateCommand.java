package dev.valence.cli;

import dev.valence.stream.control.Candidate;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code valence model activate}. */
@Command(
    name = "activate",
    description =
        "Lets a version score: all processors load it, check it and change to it while they run."
            + " Or puts it on trial beside the one that scores.")
final class ModelActivateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Fleet fleet;

  @Parameters(
      paramLabel = "VERSION",
      description = "A version in the processors' repositories, or latest to follow them.")
  private String version;

  @ArgGroup private Trial trial;

  /** Beside the version that serves. */
  static final class Trial {
    @Option(
        names = "--shadow",
        description = "On trial: it scores copies, and only the metrics tell how.")
    private boolean shadow;

    @Option(
        names = "--canary",
        paramLabel = "PERCENT",
        description = "On trial: it scores the reviews of so many percent of the keys (1 to 99).")
    private Integer percent;
  }

  @Override
  public Integer call() throws InterruptedException {
    Long number = number();
    if (trial == null) {
      ModelStatusCommand.print(spec, fleet.tell(told -> told.activate(number)));
      return 0;
    }
    if (number == null) {
      throw new BadUsage(spec, "Only a version can be on trial, not latest");
    }
    Candidate candidate = candidate(number);
    ModelStatusCommand.print(spec, fleet.tell(told -> told.tryOut(candidate)));
    return 0;
  }

  private Candidate candidate(long number) {
    try {
      return trial.percent == null
          ? Candidate.shadow(number)
          : Candidate.canary(number, trial.percent);
    } catch (IllegalArgumentException e) {
      throw BadUsage.of(spec, "--canary", e.getMessage());
    }
  }

  private Long number() {
    if (version.equals("latest")) {
      return null;
    }
    if (!version.matches("[1-9][0-9]{0,17}")) {
      throw new BadUsage(
          spec,
          "Invalid value for VERSION: '" + version + "' is neither a positive integer nor latest");
    }
    return Long.valueOf(version);
  }
}
