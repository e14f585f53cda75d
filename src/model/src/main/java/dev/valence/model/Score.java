package dev.valence.model;

/**
 * What the model makes of one review.
 *
 * @param label the most probable label, or {@link #UNCERTAIN}
 * @param probabilities probability of each of the model's labels, in their order; they sum to 1
 * @param tokens tokens that were scored, without the one that begins each review
 * @param unknownTokens how many of them the vocabulary does not hold
 * @param truncated whether the middle of an overlong review was left out
 */
public record Score(
    String label, float[] probabilities, int tokens, int unknownTokens, boolean truncated) {

  /**
   * Label of a review without words, and of one whose highest probability is below the model's
   * abstention threshold.
   */
  public static final String UNCERTAIN = "uncertain";
}
