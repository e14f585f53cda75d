package dev.valence.stream;

/** Scoring outlasts the transactions: the processor must stop, or it would start over for ever. */
final class SlowModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SlowModelException(String message) {
    super(message);
  }
}
