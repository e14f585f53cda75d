package dev.valence.bench;

import dev.valence.cli.ValenceCommand;
import picocli.CommandLine;

/** The {@code valence} command with the benchmarks in it; the launcher runs it. */
public final class Bench {

  private static final String NAME = "bench";

  private Bench() {}

  /**
   * Runs one command and exits the JVM.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    ValenceCommand.run(commandLine(), arguments);
  }

  /** The command tree of Valence, with {@code bench} itself in the place that is kept for it. */
  static CommandLine commandLine() {
    CommandLine valence = ValenceCommand.commandLine();
    valence.getCommandSpec().removeSubcommand(NAME);
    // Taken over from the others, so that errors are told the same way.
    CommandLine bench =
        new CommandLine(new BenchCommand())
            .setParameterExceptionHandler(valence.getParameterExceptionHandler())
            .setExecutionExceptionHandler(valence.getExecutionExceptionHandler())
            .setUsageHelpAutoWidth(true);
    return valence.addSubcommand(NAME, bench);
  }
}
