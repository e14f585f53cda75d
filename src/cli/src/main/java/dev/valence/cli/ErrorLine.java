package dev.valence.cli;

import dev.valence.model.InvalidModelException;
import dev.valence.training.TrainingException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into one line on stderr and an exit code. */
final class ErrorLine implements IParameterExceptionHandler, IExecutionExceptionHandler {

  @Override
  public int handleParseException(ParameterException exception, String[] arguments) {
    CommandLine command = exception.getCommandLine();
    print(command, exception.getMessage() + ". See '" + nameOf(command) + " --help'.");
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine command, ParseResult parseResult) {
    boolean debug = ValenceCommand.debugs(command);
    print(command, messageOf(exception, debug));
    if (debug) {
      exception.printStackTrace(command.getErr());
      command.getErr().flush();
    }
    return ExitCode.SOFTWARE;
  }

  private static void print(CommandLine command, String message) {
    PrintWriter err = command.getErr();
    err.println(nameOf(command) + ": " + message.strip().replaceAll("\\s*\\R\\s*", " "));
    err.flush();
  }

  private static String nameOf(CommandLine command) {
    return command.getCommandSpec().qualifiedName(" ");
  }

  private static String messageOf(Throwable thrown, boolean debug) {
    if (thrown instanceof UncheckedIOException) {
      return messageOf(thrown.getCause(), debug);
    }
    if (thrown instanceof CommandFailedException
        || thrown instanceof InvalidModelException
        || thrown instanceof TrainingException
        || thrown instanceof ConfigException) {
      return thrown.getMessage();
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
