package dev.valence.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Groups reviews of like length into batches, so that little of a padded batch is padding. Longest
 * reviews first; reviews of the same length keep their order.
 *
 * @param maxPaddedTokens positive; reviews of a batch times the longest of them does not exceed it,
 *     except that a review longer than that gets a batch of its own
 * @param maxReviews positive; most reviews in a batch
 */
public record BatchPlanner(int maxPaddedTokens, int maxReviews) {

  /**
   * A batch of 64 keeps one core's matrix products busy; larger ones gain little (measured with
   * BlockLSTMV2).
   */
  public static final int DEFAULT_MAX_REVIEWS = 64;

  /** 64 reviews of 256 tokens, a little above the average review of a film. */
  public static final int DEFAULT_MAX_PADDED_TOKENS = 16_384;

  /**
   * @throws IllegalArgumentException if a limit is not positive
   */
  public BatchPlanner {
    if (maxPaddedTokens < 1) {
      throw new IllegalArgumentException("maxPaddedTokens must be positive: " + maxPaddedTokens);
    }
    if (maxReviews < 1) {
      throw new IllegalArgumentException("maxReviews must be positive: " + maxReviews);
    }
  }

  /** A planner with the default limits. */
  public BatchPlanner() {
    this(DEFAULT_MAX_PADDED_TOKENS, DEFAULT_MAX_REVIEWS);
  }

  /**
   * @param lengths tokens of each review, positive
   * @return the batches; each index of {@code lengths} occurs once, longest review first
   * @throws IllegalArgumentException if a length is not positive
   */
  public List<int[]> plan(int[] lengths) {
    int[] order = longestFirst(lengths);
    List<int[]> batches = new ArrayList<>();
    int start = 0;
    while (start < order.length) {
      int fitting = Math.max(1, Math.min(maxReviews, maxPaddedTokens / lengths[order[start]]));
      int end = Math.min(order.length, start + fitting);
      batches.add(Arrays.copyOfRange(order, start, end));
      start = end;
    }
    return batches;
  }

  private static int[] longestFirst(int[] lengths) {
    long[] keys = new long[lengths.length];
    for (int index = 0; index < lengths.length; index++) {
      if (lengths[index] < 1) {
        throw new IllegalArgumentException(
            "the length of review " + index + " must be positive: " + lengths[index]);
      }
      keys[index] = (long) -lengths[index] << Integer.SIZE | index;
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
  }
}
