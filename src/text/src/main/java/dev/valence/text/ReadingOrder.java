package dev.valence.text;

/** From which end a model reads a review. */
public enum ReadingOrder {
  /** The way it was written. */
  FORWARDS,

  /** From its last token to its first; the begin token comes first all the same. */
  BACKWARDS;

  /**
   * Puts ids into this order.
   *
   * @param ids as {@link TextPipeline#encode} gives them, at least one; they stay as they are
   * @return the same in the order that the model reads them in; put twice, they are as before
   */
  public int[] of(int[] ids) {
    if (this == FORWARDS) {
      return ids;
    }
    int[] reversed = new int[ids.length];
    reversed[0] = ids[0];
    for (int i = 1; i < ids.length; i++) {
      reversed[i] = ids[ids.length - i];
    }
    return reversed;
  }
}
