package dev.valence.cli;

/**
 * Ends a command because of something its user can mend. The message is printed as one line: what
 * is wrong, the value, what to do.
 */
public final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Ends the command with exit code 1.
   *
   * @param message one line: what is wrong, the value, what to do
   */
  public CommandFailedException(String message) {
    super(message);
  }

  /**
   * Ends the command with exit code 1.
   *
   * @param message one line: what is wrong, the value, what to do
   * @param cause shown with {@code --debug} only
   */
  public CommandFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
