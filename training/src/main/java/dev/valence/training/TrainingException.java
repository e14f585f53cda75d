package dev.valence.training;

/**
 * A training run cannot start or go on, for a reason its user can mend; the message is one line
 * that says how.
 */
public final class TrainingException extends RuntimeException {
  public TrainingException(String message) {
    super(message);
  }

  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
