package dev.valence.stream;

/** The model fails on everything: the processor must stop, and no review is to blame. */
final class BrokenModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BrokenModelException(RuntimeException cause) {
    super("the model fails on every review: " + cause.getMessage(), cause);
  }
}
