package dev.valence.stream;

/** Says in one line why the processor cannot start: what is wrong, the value, what to do. */
public final class StreamStartException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param message one line for the person who started it
   */
  public StreamStartException(String message) {
    this(message, null);
  }

  /**
   * @param message one line for the person who started it
   * @param cause what the library below reported
   */
  public StreamStartException(String message, Throwable cause) {
    super(message.strip().replaceAll("\\R\\s*+", " "), cause);
  }

  /**
   * Says what cannot be done, and the reason at the bottom of a chain of causes, which is the one
   * that names the thing.
   */
  static StreamStartException because(String what, Throwable cause) {
    Throwable deepest = cause;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return new StreamStartException(what + ": " + deepest.getMessage(), cause);
  }
}
