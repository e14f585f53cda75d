package dev.valence.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Cuts a text of all reviews into columns that are read side by side, and those into stretches of
 * about {@code bptt} steps, so that the state at the end of a stretch is the state at the start of
 * the next (Merity et al., section 5: variable length sequences).
 *
 * <p>Epoch n of a seed is the same whenever it is asked for, which is what lets a run resume
 * exactly.
 */
final class LanguageModelBatches {
  private final List<int[]> reviews;
  private final int columns;
  private final int bptt;
  private final long seed;

  /**
   * @param reviews token ids, each review with its begin token
   * @param columns number of columns
   * @param bptt mean length of a stretch
   * @throws TrainingException if the text does not fill two rows of all columns
   */
  LanguageModelBatches(List<int[]> reviews, int columns, int bptt, long seed) {
    long tokens = reviews.stream().mapToLong(ids -> ids.length).sum();
    if (tokens < 2L * columns + 1) {
      throw new TrainingException(
          "the corpus is smaller than a batch: "
              + tokens
              + " tokens for bs "
              + columns
              + ". Lower bs, or add text.");
    }
    this.reviews = reviews;
    this.columns = columns;
    this.bptt = bptt;
    this.seed = seed;
  }

  /** The text of one epoch, in columns, and the lengths of its stretches. */
  record Epoch(int[][] columns, int[] lengths) {

    /** Number of updates in this epoch. */
    int steps() {
      return lengths.length;
    }

    /** Row at which the stretch {@code step} starts. */
    int start(int step) {
      int start = 0;
      for (int i = 0; i < step; i++) {
        start += lengths[i];
      }
      return start;
    }

    /** Token ids {@code [time * batch]}, row by row, of the rows from {@code start} on. */
    int[] rows(int start, int length) {
      int[] ids = new int[length * columns.length];
      for (int t = 0; t < length; t++) {
        for (int b = 0; b < columns.length; b++) {
          ids[t * columns.length + b] = columns[b][start + t];
        }
      }
      return ids;
    }
  }

  /** Epoch {@code number}, its reviews in an order of their own. */
  Epoch epoch(int number) {
    List<int[]> order = new ArrayList<>(reviews);
    Collections.shuffle(order, new Random(seed * 1_000_003 + number));
    int rows = (int) (order.stream().mapToLong(ids -> ids.length).sum() / columns);
    int[][] text = new int[columns][rows];
    int position = 0;
    for (int[] ids : order) {
      for (int i = 0; i < ids.length && position < rows * columns; i++, position++) {
        text[position / rows][position % rows] = ids[i];
      }
    }
    return new Epoch(text, lengths(rows - 1, new SplittableRandom(seed * 31 + number)));
  }

  private int[] lengths(int rows, SplittableRandom random) {
    List<Integer> lengths = new ArrayList<>();
    int left = rows;
    while (left > 0) {
      double mean = random.nextDouble() < 0.95 ? bptt : bptt / 2.0;
      int drawn = (int) Math.round(mean + 5 * random.nextGaussian());
      int length = Math.min(left, Math.max(Math.min(5, bptt), drawn));
      lengths.add(length);
      left -= length;
    }
    return lengths.stream().mapToInt(Integer::intValue).toArray();
  }
}
