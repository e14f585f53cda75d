package dev.valence.training;

import dev.valence.text.ReadingOrder;
import dev.valence.text.TextPipeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Puts reviews of about the same length together, in another order each epoch: reviews are
 * shuffled, sorted within pools of many batches, cut into batches, and the batches shuffled. Epoch
 * n of a seed is always the same.
 */
final class ReviewBatches {
  private static final int POOL = 50;

  private final List<Encoded> reviews;
  private final List<Encoded> more;
  private final int moreEach;
  private final int size;
  private final int maxTokens;
  private final long seed;

  /**
   * One review for the classifier.
   *
   * @param ids token ids after the begin token, in the order that they are read in
   * @param truth probability of each label {@code [labels]}: all on one where somebody judged it
   */
  record Encoded(int[] ids, float[] truth) {

    /** A review whose label is one of {@code labels}. */
    static Encoded of(
        Document document, TextPipeline pipeline, ReadingOrder order, List<String> labels) {
      float[] truth = new float[labels.size()];
      truth[labels.indexOf(document.label())] = 1;
      return new Encoded(order.of(pipeline.encode(document.text()).ids()), truth);
    }

    /**
     * Takes a little from the right label and gives it to all alike (Szegedy et al., CVPR 2016,
     * section 7).
     *
     * @param share that is given away, in [0, 1)
     */
    Encoded smoothed(double share) {
      float[] smoothed = new float[truth.length];
      for (int label = 0; label < truth.length; label++) {
        smoothed[label] = (float) ((1 - share) * truth[label] + share / truth.length);
      }
      return new Encoded(ids, smoothed);
    }

    /** Index of its label. */
    int label() {
      return Evaluation.mostProbable(truth);
    }
  }

  /**
   * @param size most reviews in a batch
   * @param maxTokens most tokens in a batch, padding counted; a single review may have more
   */
  ReviewBatches(List<Encoded> reviews, int size, int maxTokens, long seed) {
    this(reviews, List.of(), 0, size, maxTokens, seed);
  }

  /**
   * @param reviews that every epoch has
   * @param more reviews that the epochs take turns with
   * @param moreEach how many of those an epoch has
   * @param size most reviews in a batch
   * @param maxTokens most tokens in a batch, padding counted; a single review may have more
   */
  ReviewBatches(
      List<Encoded> reviews, List<Encoded> more, int moreEach, int size, int maxTokens, long seed) {
    this.reviews = reviews;
    this.more = new ArrayList<>(more);
    Collections.shuffle(this.more, new Random(seed));
    this.moreEach = Math.min(moreEach, more.size());
    this.size = size;
    this.maxTokens = maxTokens;
    this.seed = seed;
  }

  /** The batches of epoch {@code number}. */
  List<List<Encoded>> epoch(int number) {
    List<Encoded> order = new ArrayList<>(reviews);
    for (long i = 0; i < moreEach; i++) {
      order.add(more.get((int) ((number * (long) moreEach + i) % more.size())));
    }
    Random random = new Random(seed * 1_000_003 + number);
    Collections.shuffle(order, random);
    List<List<Encoded>> batches = new ArrayList<>();
    for (int start = 0; start < order.size(); start += POOL * size) {
      batches.addAll(cut(order.subList(start, Math.min(order.size(), start + POOL * size))));
    }
    Collections.shuffle(batches, random);
    return batches;
  }

  /** All reviews, shortest first, for reading without learning. */
  List<List<Encoded>> inOrderOfLength() {
    return cut(new ArrayList<>(reviews));
  }

  private List<List<Encoded>> cut(List<Encoded> pool) {
    pool.sort(Comparator.comparingInt(review -> review.ids().length));
    List<List<Encoded>> batches = new ArrayList<>();
    List<Encoded> batch = new ArrayList<>();
    for (Encoded review : pool) {
      if (batch.size() == size
          || (!batch.isEmpty() && (batch.size() + 1) * review.ids().length > maxTokens)) {
        batches.add(batch);
        batch = new ArrayList<>();
      }
      batch.add(review);
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  /**
   * Token ids {@code [time * batch]}, row by row, of the time steps from {@code start} to before
   * {@code end}, padded.
   */
  static int[] padded(List<Encoded> batch, int start, int end, int padding) {
    int[] ids = new int[(end - start) * batch.size()];
    Arrays.fill(ids, padding);
    for (int b = 0; b < batch.size(); b++) {
      int[] review = batch.get(b).ids();
      for (int t = start; t < Math.min(end, review.length); t++) {
        ids[(t - start) * batch.size() + b] = review[t];
      }
    }
    return ids;
  }
}
