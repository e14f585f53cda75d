package dev.valence.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * Holds the place of {@code valence bench}, which is a program of its own: its peers' engines take
 * hundreds of megabytes. The launcher builds it and runs it instead.
 */
@Command(
    name = "bench",
    description = "Measures Valence beside what else could score reviews (run it with ./valence).")
final class BenchElsewhereCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Unmatched private List<String> arguments;

  @Override
  public Integer call() {
    throw new BadUsage(
        spec,
        "the benchmarks are not in this jar. Run './valence bench' in a clone of Valence, which"
            + " builds them.");
  }
}
