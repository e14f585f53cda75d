package dev.valence.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Ends a command because of how it was called, with exit code 2. */
final class BadUsage extends ParameterException {
  private static final long serialVersionUID = 1L;

  /**
   * @param spec of the command that was called
   * @param message one line; where to find help is added to it
   */
  BadUsage(CommandSpec spec, String message) {
    super(spec.commandLine(), message);
  }

  /**
   * An option with a value that it cannot have.
   *
   * @param why the value, and what is wrong with it
   */
  static BadUsage of(CommandSpec spec, String option, String why) {
    return new BadUsage(spec, "Invalid value for option '%s': %s".formatted(option, why));
  }

  /**
   * @param value null if the option is not given
   * @throws BadUsage if the value is too small
   */
  static void requireAtLeast(long least, CommandSpec spec, String option, Number value) {
    if (value != null && value.longValue() < least) {
      throw of(spec, option, "%d is not %d or more".formatted(value, least));
    }
  }

  /**
   * @throws BadUsage if the value is too small or too large
   */
  static void requireFromTo(long least, long most, CommandSpec spec, String option, long value) {
    if (value < least || value > most) {
      throw of(spec, option, "%d is not from %d to %d".formatted(value, least, most));
    }
  }
}
