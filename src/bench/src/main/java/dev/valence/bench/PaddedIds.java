package dev.valence.bench;

import dev.valence.text.ReadingOrder;
import dev.valence.text.Vocabulary;
import java.util.Arrays;

/**
 * A batch as engines take it that read whole reviews.
 *
 * @param time tokens of the longest review
 * @param batch reviews
 * @param ids {@code [time, batch]}: the first token of every review, then the second
 * @param lengths {@code [batch]}
 */
record PaddedIds(int time, int batch, int[] ids, int[] lengths) {

  /** Puts each review into that order and pads it. */
  static PaddedIds of(int[][] asWritten, ReadingOrder order) {
    int[][] reviews = Arrays.stream(asWritten).map(order::of).toArray(int[][]::new);
    int[] lengths = Arrays.stream(reviews).mapToInt(review -> review.length).toArray();
    int time = Arrays.stream(lengths).max().orElseThrow();
    int[] ids = new int[time * reviews.length];
    Arrays.fill(ids, Vocabulary.PADDING_ID);
    for (int review = 0; review < reviews.length; review++) {
      for (int step = 0; step < lengths[review]; step++) {
        ids[step * reviews.length + review] = reviews[review][step];
      }
    }
    return new PaddedIds(time, reviews.length, ids, lengths);
  }
}
