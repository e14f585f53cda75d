package dev.valence.training;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The runs of one to three tokens that reviews have in common, each with an index. Tokens are
 * numbers, as in a {@link TokenisedCorpus}.
 */
final class Ngrams {
  private static final int LONGEST = 3;
  private static final int BITS = 63 / LONGEST;

  /**
   * Tokens numbered higher are taken for one; a corpus of 2 million distinct tokens is unheard of.
   */
  private static final int MOST = (1 << BITS) - 2;

  /** In ascending order, the index being the place. */
  private final long[] keys;

  private Ngrams(long[] keys) {
    this.keys = keys;
  }

  /**
   * Finds the runs that occur in at least so many reviews.
   *
   * @param reviews numbers of each review's tokens
   */
  static Ngrams of(List<int[]> reviews, int least) {
    long[] all = reviews.parallelStream().flatMapToLong(Ngrams::keys).toArray();
    Arrays.parallelSort(all);
    LongStream.Builder kept = LongStream.builder();
    for (int start = 0, end = 0; start < all.length; start = end) {
      while (end < all.length && all[end] == all[start]) {
        end++;
      }
      if (end - start >= least) {
        kept.add(all[start]);
      }
    }
    return new Ngrams(kept.build().toArray());
  }

  int size() {
    return keys.length;
  }

  /** Indices of the runs that a review has, ascending, each once. */
  int[] in(int[] review) {
    return keys(review)
        .mapToInt(key -> Arrays.binarySearch(keys, key))
        .filter(index -> index >= 0)
        .toArray();
  }

  /** All runs of a review, ascending, each once. */
  private static LongStream keys(int[] review) {
    LongStream.Builder keys = LongStream.builder();
    for (int start = 0; start < review.length; start++) {
      long key = 0;
      for (int at = start; at < Math.min(start + LONGEST, review.length); at++) {
        // Counted from 1, so that a run is not the same as a shorter one.
        key = key << BITS | Math.min(review[at], MOST) + 1;
        keys.add(key);
      }
    }
    return keys.build().sorted().distinct();
  }
}
