package dev.valence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/**
 * What a command did: its exit code and all that it wrote.
 *
 * @param exitCode 0 success, 1 failure, 2 bad usage
 * @param out standard output
 * @param err standard error
 */
record Invocation(int exitCode, String out, String err) {

  /** Runs a command in this JVM, on its own streams. */
  static Invocation of(String in, String... arguments) {
    return of(in.getBytes(UTF_8), arguments);
  }

  static Invocation of(byte[] in, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Invocation invocation = of(new ByteArrayInputStream(in), out, arguments);
    return new Invocation(
        invocation.exitCode(), out.toString(UTF_8) + invocation.out(), invocation.err());
  }

  static Invocation of(InputStream in, OutputStream out, String... arguments) {
    CommandLine commandLine = ValenceCommand.commandLine();
    replace(commandLine, "tokenize", new TokenizeCommand(in, out));
    replace(commandLine, "score", new ScoreCommand(in, out));
    StringWriter printed = new StringWriter();
    StringWriter err = new StringWriter();
    commandLine.setOut(new PrintWriter(printed)).setErr(new PrintWriter(err));
    int exitCode = commandLine.execute(arguments);
    return new Invocation(exitCode, printed.toString(), err.toString());
  }

  private static void replace(CommandLine commandLine, String name, Object command) {
    ErrorLine errors = new ErrorLine();
    commandLine.getCommandSpec().removeSubcommand(name);
    commandLine.addSubcommand(
        name,
        new CommandLine(command)
            .setParameterExceptionHandler(errors)
            .setExecutionExceptionHandler(errors));
  }

  List<String> outLines() {
    return out.lines().toList();
  }

  List<String> errLines() {
    return err.lines().toList();
  }
}
