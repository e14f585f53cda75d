package dev.valence.cli;

import dev.valence.stream.control.Assignment;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code valence model rollback}. */
@Command(
    name = "rollback",
    description =
        "Lets the version score again that was activated before, or else the latest, and ends a trial.")
final class ModelRollbackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Fleet fleet;

  @Override
  public Integer call() throws InterruptedException {
    ModelStatusCommand.print(spec, fleet.tell(Assignment::rollback));
    return 0;
  }
}
