package dev.valence.bench;

/** A model as one engine runs it. Safe for several threads, each with a batch of its own. */
interface Engine extends AutoCloseable {

  /**
   * Scores one batch.
   *
   * @param ids token ids of each review, none of them empty: [batch][its length]
   * @return [batch][labels]
   */
  float[][] probabilities(int[][] ids);

  /**
   * Token positions that it computes for a batch: those of the reviews and the padding.
   *
   * @param lengths tokens of each review, positive
   */
  default long cells(int[] lengths) {
    int longest = 0;
    for (int length : lengths) {
      longest = Math.max(longest, length);
    }
    return (long) lengths.length * longest;
  }

  @Override
  void close();
}
