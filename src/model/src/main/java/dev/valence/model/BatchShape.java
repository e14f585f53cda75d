package dev.valence.model;

/**
 * Shape of a batch as the model sees it.
 *
 * @param time positive; tokens of the longest review, the one that begins each included
 * @param reviews positive
 */
public record BatchShape(int time, int reviews) {

  /**
   * @throws IllegalArgumentException if either is not positive
   */
  public BatchShape {
    if (time < 1 || reviews < 1) {
      throw new IllegalArgumentException(
          "a batch has at least one review of one token: " + time + " x " + reviews);
    }
  }

  /** The same, but neither longer nor of more reviews than another. */
  BatchShape within(BatchShape most) {
    return new BatchShape(Math.min(time, most.time), Math.min(reviews, most.reviews));
  }

  /** Tokens of the batch, padding included. */
  long cells() {
    return (long) time * reviews;
  }
}
