package dev.valence.cli;

import dev.valence.stream.control.Assignment;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code valence model withdraw}. */
@Command(name = "withdraw", description = "Ends the trial of a version.")
final class ModelWithdrawCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Fleet fleet;

  @Override
  public Integer call() throws InterruptedException {
    ModelStatusCommand.print(spec, fleet.tell(Assignment::withdraw));
    return 0;
  }
}
