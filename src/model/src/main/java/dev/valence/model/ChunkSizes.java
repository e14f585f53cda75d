package dev.valence.model;

/**
 * How much a call reads.
 *
 * @param fixedSteps that each call reads, or -1 for any number of them
 * @param fewestSteps of a call, unless all reviews have fewer left
 * @param mostSteps of a call
 * @param fewestRows that are computed, however few reviews there are
 * @param roundRows what rows are computed in multiples of; fewer are doubled from one on
 */
record ChunkSizes(int fixedSteps, int fewestSteps, int mostSteps, int fewestRows, int roundRows) {

  /**
   * In floats no more than four rows cost less for each, and what every step made takes memory
   * until the call ends.
   */
  private static final ChunkSizes FLOATS = new ChunkSizes(-1, 16, 16, 1, 4);

  /**
   * oneDNN prepares a product of codes for every number of rows that it meets, and works on eight
   * of them at once. Fewer are halved: a stream's last reviews are often a few, and then what a
   * call costs by itself counts, so it had better be a long one. But no row is alone: on processors
   * with AMX, oneDNN packs some matrices otherwise for one row than for more, and TensorFlow, which
   * keeps them packed one way, would pack them anew in each step. A step of one row took 1,550 µs
   * there, of two 270; on others with VNNI two cost as much as one.
   */
  private static final ChunkSizes CODES = new ChunkSizes(-1, 16, 64, 2, 8);

  static ChunkSizes of(Precision precision, int fixedSteps) {
    ChunkSizes any = precision == Precision.INT8 ? CODES : FLOATS;
    return new ChunkSizes(
        fixedSteps, any.fewestSteps, any.mostSteps, any.fewestRows, any.roundRows);
  }

  /**
   * Steps of the next call: up to where the first review ends, within these limits.
   *
   * @param shortest steps that are left of a review
   * @param longest steps that are left of another
   */
  int steps(int shortest, int longest) {
    return fixedSteps > 0
        ? fixedSteps
        : Math.min(longest, Math.max(fewestSteps, Math.min(mostSteps, shortest)));
  }

  /**
   * Rows that are computed for so many reviews.
   *
   * @param most how many there were at first: rows need not be more
   */
  int rows(int reviews, int most) {
    int round =
        reviews > roundRows
            ? (reviews + roundRows - 1) / roundRows * roundRows
            : reviews == 1 ? 1 : 2 * Integer.highestOneBit(reviews - 1);
    return Math.max(fewestRows, Math.min(most, round));
  }
}
