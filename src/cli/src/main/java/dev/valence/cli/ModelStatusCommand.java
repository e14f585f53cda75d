package dev.valence.cli;

import dev.valence.stream.control.Assignment;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code valence model status}. */
@Command(
    name = "status",
    description =
        "Prints which version the processors were told to score with. What each of them really does"
            + " is in its metrics.")
final class ModelStatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Fleet fleet;

  @Override
  public Integer call() {
    print(spec, fleet.told());
    return 0;
  }

  static void print(CommandSpec spec, Assignment assignment) {
    spec.commandLine().getOut().println(assignment);
    spec.commandLine().getOut().flush();
  }
}
