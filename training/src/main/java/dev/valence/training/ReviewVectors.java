package dev.valence.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Gives each review a vector that points the way of the n-grams it has and away from others, as
 * paragraph vectors do (Le and Mikolov, ICML 2014), by the cosine between them: Thongtan and
 * Phienthrakul, "Sentiment Classification Using Document Embeddings Trained with Cosine
 * Similarity", ACL 2019. Size, number of epochs and rate are smaller here, so that it takes
 * minutes.
 *
 * <p>Several cores write to the n-grams' vectors at once without waiting for each other (Hogwild!,
 * Niu et al., NIPS 2011), so that two runs differ a little.
 */
final class ReviewVectors {
  /** Length of a vector. */
  static final int SIZE = 128;

  private static final int EPOCHS = 12;
  private static final float RATE = 5e-4f;

  /** What a cosine is multiplied by before the sigmoid: the paper's alpha. */
  private static final float STEEPNESS = 6;

  /** N-grams that a review need not have, drawn for each that it has. */
  private static final int NEGATIVES = 5;

  /** They are drawn as often as they occur, to this power (Mikolov et al., NIPS 2013). */
  private static final double FLATTENED = 0.75;

  private static final int DRAWS = 1 << 22;

  /** An n-gram that occurs so many times as often as they do on average is often passed over. */
  private static final double FREQUENT = 5;

  /** N-grams of a review that are learned before others are drawn. */
  private static final int BLOCK = 16;

  private static final float SMALL = 1e-3f;
  private static final long SEED = 1;

  private final float[][] ngrams;
  private final Progress progress;

  /**
   * @param ngrams number of n-grams
   */
  ReviewVectors(int ngrams, Progress progress) {
    this.ngrams = small(ngrams, SEED);
    this.progress = progress;
  }

  /**
   * Learns, on all cores.
   *
   * @param reviews indices of the n-grams that each review has
   * @return a vector of length 1 a review {@code [reviews][SIZE]}; one without n-grams points
   *     anywhere
   */
  float[][] learn(List<int[]> reviews) {
    long[] counts = new long[ngrams.length];
    reviews.forEach(review -> IntStream.of(review).forEach(ngram -> counts[ngram]++));
    double[] kept = kept(counts);
    int[] draws = draws(counts);
    float[][] vectors = small(reviews.size(), SEED + 1);
    List<Integer> order = new ArrayList<>(IntStream.range(0, vectors.length).boxed().toList());
    Collections.shuffle(order, new Random(SEED));

    progress.start();
    AtomicInteger done = new AtomicInteger();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      long seed = SEED + (long) epoch * vectors.length;
      order.parallelStream()
          .forEach(
              review -> {
                SplittableRandom random = new SplittableRandom(seed + review);
                int[] drawn = drawn(reviews.get(review), kept, random);
                learn(vectors[review], drawn, draws, random);
                double position = done.incrementAndGet() / (EPOCHS * (double) vectors.length);
                synchronized (progress) {
                  progress.read("vectors", position, drawn.length);
                }
              });
    }
    for (float[] vector : vectors) {
      float length = (float) Math.sqrt(dot(vector, vector));
      for (int i = 0; i < SIZE; i++) {
        vector[i] /= length;
      }
    }
    return vectors;
  }

  /** The n-grams of a review that are learned this time, in any order. */
  private static int[] drawn(int[] review, double[] kept, SplittableRandom random) {
    int[] drawn = new int[review.length];
    int count = 0;
    for (int ngram : review) {
      if (kept[ngram] >= 1 || random.nextDouble() < kept[ngram]) {
        int place = random.nextInt(++count);
        drawn[count - 1] = drawn[place];
        drawn[place] = ngram;
      }
    }
    return Arrays.copyOf(drawn, count);
  }

  private void learn(float[] review, int[] has, int[] draws, SplittableRandom random) {
    for (int start = 0; start < has.length; start += BLOCK) {
      int end = Math.min(start + BLOCK, has.length);
      for (int i = start; i < end; i++) {
        turn(review, ngrams[has[i]], 1);
      }
      for (int i = 0; i < (end - start) * NEGATIVES; i++) {
        turn(review, ngrams[draws[random.nextInt(DRAWS)]], 0);
      }
    }
  }

  /** Turns both towards each other where the goal is 1, else away: a step down the log loss. */
  private static void turn(float[] review, float[] ngram, float goal) {
    float reviewSquare = dot(review, review);
    float ngramSquare = dot(ngram, ngram);
    float scale = 1 / (float) Math.sqrt(reviewSquare * ngramSquare);
    float cosine = dot(review, ngram) * scale;
    float step = RATE * STEEPNESS * (goal - 1 / (1 + (float) Math.exp(-STEEPNESS * cosine)));
    float across = step * scale;
    float ofReview = step * cosine / reviewSquare;
    float ofNgram = step * cosine / ngramSquare;
    for (int i = 0; i < SIZE; i++) {
      float was = review[i];
      review[i] += across * ngram[i] - ofReview * was;
      ngram[i] += across * was - ofNgram * ngram[i];
    }
  }

  /** Four sums at once, since a core adds to one of them only every few cycles. */
  private static float dot(float[] left, float[] right) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    for (int i = 0; i < SIZE; i += 4) {
      sum0 += left[i] * right[i];
      sum1 += left[i + 1] * right[i + 1];
      sum2 += left[i + 2] * right[i + 2];
      sum3 += left[i + 3] * right[i + 3];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }

  /** Chance of each n-gram to be learned where it occurs (Mikolov et al.). */
  private static double[] kept(long[] counts) {
    double all = Arrays.stream(counts).sum();
    return Arrays.stream(counts)
        .mapToDouble(count -> FREQUENT * all / counts.length / count)
        .map(ratio -> Math.sqrt(ratio) + ratio)
        .toArray();
  }

  /** N-grams, each as often as it shall be drawn. */
  private static int[] draws(long[] counts) {
    double[] upTo = new double[counts.length];
    double sum = 0;
    for (int ngram = 0; ngram < counts.length; ngram++) {
      sum += Math.pow(counts[ngram], FLATTENED);
      upTo[ngram] = sum;
    }
    int[] draws = new int[DRAWS];
    int ngram = 0;
    for (int i = 0; i < DRAWS; i++) {
      while (ngram < counts.length - 1 && upTo[ngram] < sum * (i + 1) / DRAWS) {
        ngram++;
      }
      draws[i] = ngram;
    }
    return draws;
  }

  private static float[][] small(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] vectors = new float[count][SIZE];
    for (float[] vector : vectors) {
      for (int i = 0; i < SIZE; i++) {
        vector[i] = (float) (random.nextDouble() * 2 - 1) * SMALL;
      }
    }
    return vectors;
  }
}
