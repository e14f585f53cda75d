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
    super(message.strip().replaceAll("\\s*\\R\\s*", " "), cause);
  }
}
