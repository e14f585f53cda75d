package dev.valence.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a command of Valence in another JVM, with the class path of this one. */
final class ChildJvm {
  private final List<String> options;

  /**
   * Chooses the JVM's options.
   *
   * @param options such as {@code -Xmx512m}
   */
  ChildJvm(String... options) {
    this.options = List.of(options);
  }

  /**
   * Prepares the process.
   *
   * @param arguments the command line after {@code valence}
   */
  ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ValenceCommand.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /**
   * Prepares a process that stops only when its parent says so. Ctrl-C, the end of a terminal and
   * the stop of a service reach every process of a group at once; this one ignores them, so that
   * its parent can still work with it while it stops itself.
   *
   * @param arguments the command line after {@code valence}
   */
  ProcessBuilder commandThatIgnoresSignals(String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", "trap '' HUP INT TERM; exec \"$@\"", "sh"));
    command.addAll(command(arguments).command());
    return new ProcessBuilder(command);
  }
}
