package dev.valence.bench;

import dev.valence.cli.ValenceCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
    CommandLine command =
        commandLine()
            .setOut(new PrintWriter(System.out, false, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    int code = command.execute(arguments);
    command.getOut().flush();
    System.exit(code);
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
