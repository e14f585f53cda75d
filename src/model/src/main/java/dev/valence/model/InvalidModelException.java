package dev.valence.model;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Says that a directory is not a model that can be served. The message is one line that names the
 * directory, what is wrong with it, and what to do.
 */
public final class InvalidModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean passing;

  /**
   * @param message one line for the person who wanted to use the model
   */
  public InvalidModelException(String message) {
    this(message, null);
  }

  /**
   * @param message one line for the person who wanted to use the model
   * @param cause what the library below reported
   */
  public InvalidModelException(String message, Throwable cause) {
    this(message, cause, false);
  }

  private InvalidModelException(String message, Throwable cause, boolean passing) {
    super(message, cause);
    this.passing = passing;
  }

  /** Of a directory whose files may be as they should be, if only they could be read. */
  static InvalidModelException unreadable(Path what, IOException e) {
    return new InvalidModelException(what + " cannot be read: " + Reason.of(e) + ".", e, true);
  }

  /** Whether the same files may be served another time. */
  public boolean isPassing() {
    return passing;
  }
}
