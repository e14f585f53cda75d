package dev.valence.stream;

/** Says in one line why a readable review has no score. */
final class UnscorableReviewException extends Exception {

  private static final long serialVersionUID = 1L;

  UnscorableReviewException(String message, Throwable cause) {
    super(message.strip().replaceAll("\\R\\s*+", " "), cause);
  }
}
