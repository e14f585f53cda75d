package dev.valence.stream;

/** Says in one line why a running processor stopped. What it had not committed is not lost. */
public final class StreamFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param message one line for the person who runs it
   * @param cause what a thread of the stream died of
   */
  public StreamFailedException(String message, Throwable cause) {
    super(message.strip().replaceAll("\\R\\s*+", " "), cause);
  }
}
