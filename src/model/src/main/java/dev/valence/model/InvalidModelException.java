package dev.valence.model;

/**
 * Says that a directory is not a model that can be served. The message is one line that names the
 * directory, what is wrong with it, and what to do.
 */
public final class InvalidModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message one line for the person who wanted to use the model
   */
  public InvalidModelException(String message) {
    super(message);
  }

  /**
   * @param message one line for the person who wanted to use the model
   * @param cause what the library below reported
   */
  public InvalidModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
