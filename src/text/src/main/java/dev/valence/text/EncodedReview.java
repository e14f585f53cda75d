package dev.valence.text;

import java.util.Arrays;

/**
 * A review as the model reads it.
 *
 * @param ids {@link Vocabulary#BEGIN}'s id, then one id a token: {@code ids.length == tokens + 1}
 * @param tokens how many tokens were kept; 0 for a review of nothing but white space
 * @param unknownTokens how many of them the vocabulary does not hold
 * @param truncated whether characters or tokens were dropped from the middle of the review
 */
public record EncodedReview(int[] ids, int tokens, int unknownTokens, boolean truncated) {

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedReview that
        && Arrays.equals(ids, that.ids)
        && tokens == that.tokens
        && unknownTokens == that.unknownTokens
        && truncated == that.truncated;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ids) + Boolean.hashCode(truncated);
  }
}
