package dev.valence.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code valence} command: parses, runs the subcommand, exits with its code. */
@Command(
    name = "valence",
    description = "Scores the sentiment of reviews as they stream through Apache Kafka.",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = ValenceCommand.Version.class,
    subcommands = {
      DemoCommand.class,
      BrokerCommand.class,
      StreamCommand.class,
      ProduceCommand.class,
      TailCommand.class,
      ReplayCommand.class,
      CorrectCommand.class,
      TokenizeCommand.class,
      ScoreCommand.class,
      ModelCommand.class,
      TrainCommand.class,
      BenchElsewhereCommand.class
    })
public final class ValenceCommand {

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show where an error comes from (also: VALENCE_DEBUG=1).")
  private boolean debug;

  /**
   * Runs one command and exits the JVM.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    run(commandLine(), arguments);
  }

  /**
   * Runs one command on the streams of this process and exits the JVM.
   *
   * @param command what {@link #commandLine} gives, perhaps with more commands in it
   * @param arguments the command line
   */
  public static void run(CommandLine command, String[] arguments) {
    StandardOutput out = new StandardOutput();
    // JSON is UTF-8 whatever the locale.
    command
        .setOut(new PrintWriter(out, false, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    int code;
    try {
      code = command.execute(arguments);
    } catch (Error e) {
      // Threads that still run would keep the process, which does nothing any more.
      e.printStackTrace(command.getErr());
      code = ExitCode.SOFTWARE;
    }
    command.getOut().flush();
    if (code == ExitCode.OK && out.failure().isPresent()) {
      command.getErr().println("valence: cannot write to standard output: " + out.failure().get());
      code = ExitCode.SOFTWARE;
    }
    System.exit(code);
  }

  /**
   * The whole command tree with its error handling.
   *
   * @return a fresh command line, to be executed once
   */
  public static CommandLine commandLine() {
    ErrorLine errors = new ErrorLine();
    return new CommandLine(new ValenceCommand())
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  /** Whether the user asked to see stack traces. */
  static boolean debugs(CommandLine command) {
    CommandLine root = command;
    while (root.getParent() != null) {
      root = root.getParent();
    }
    ValenceCommand valence = root.getCommand();
    return valence.debug || "1".equals(System.getenv("VALENCE_DEBUG"));
  }

  /** Reads the version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      try (InputStream in = ValenceCommand.class.getResourceAsStream("version.txt")) {
        return new String[] {
          "valence " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()
        };
      }
    }
  }
}
