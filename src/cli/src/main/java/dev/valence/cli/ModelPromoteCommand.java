package dev.valence.cli;

import dev.valence.stream.control.Assignment;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code valence model promote}. */
@Command(name = "promote", description = "Lets the version on trial score.")
final class ModelPromoteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Fleet fleet;

  @Override
  public Integer call() throws InterruptedException {
    ModelStatusCommand.print(spec, fleet.tell(Assignment::promote));
    return 0;
  }
}
