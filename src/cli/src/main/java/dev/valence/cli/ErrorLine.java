package dev.valence.cli;

import dev.valence.model.InvalidModelException;
import dev.valence.stream.StreamFailedException;
import dev.valence.stream.StreamStartException;
import dev.valence.training.TrainingException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into one line on stderr and an exit code. */
final class ErrorLine implements IParameterExceptionHandler, IExecutionExceptionHandler {

  /** Their messages are written for the person at the terminal. */
  private static final Set<Class<? extends Exception>> TOLD =
      Set.of(
          CommandFailedException.class,
          InvalidModelException.class,
          StreamStartException.class,
          StreamFailedException.class,
          TrainingException.class);

  @Override
  public int handleParseException(ParameterException exception, String[] arguments) {
    CommandLine command = exception.getCommandLine();
    String message = exception.getMessage();
    String sentence = message.endsWith(".") || message.endsWith("?") ? message : message + ".";
    print(command, sentence + " See '" + nameOf(command) + " --help'.");
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine command, ParseResult parseResult) {
    boolean debug = ValenceCommand.debugs(command);
    print(command, messageOf(exception, debug));
    if (debug) {
      exception.printStackTrace(command.getErr());
    }
    return ExitCode.SOFTWARE;
  }

  private static void print(CommandLine command, String message) {
    PrintWriter err = command.getErr();
    err.println(nameOf(command) + ": " + message.strip().replaceAll("\\R\\s*+", " "));
  }

  private static String nameOf(CommandLine command) {
    return command.getCommandSpec().qualifiedName(" ");
  }

  private static String messageOf(Throwable thrown, boolean debug) {
    if (TOLD.contains(thrown.getClass())) {
      return thrown.getMessage();
    }
    if (thrown instanceof UncheckedIOException) {
      boolean saysMore = !thrown.getCause().toString().equals(thrown.getMessage());
      return saysMore ? thrown.getMessage() : messageOf(thrown.getCause(), debug);
    }
    if (thrown instanceof NoSuchFileException missing) {
      return "no such file or directory: " + missing.getFile();
    }
    if (thrown instanceof AccessDeniedException denied) {
      return "permission denied: " + denied.getFile();
    }
    if (thrown instanceof NotDirectoryException file) {
      return "not a directory: " + file.getFile();
    }
    if (thrown instanceof FileAlreadyExistsException existing) {
      return "exists already: " + existing.getFile();
    }
    if (thrown instanceof FileSystemException failed && failed.getReason() != null) {
      return failed.getReason() + ": " + failed.getFile();
    }
    return "unexpected error: "
        + thrown
        + (debug ? "" : ". Run it again with --debug (or VALENCE_DEBUG=1) to see where.");
  }
}
