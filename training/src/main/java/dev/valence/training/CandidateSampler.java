package dev.valence.training;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Chooses the words that the softmax scores in one step, so that its normaliser is estimated
 * without bias.
 *
 * <p>A batch's own target words are always in. Every other word c is in with probability π(c) =
 * min(1, k·√count(c)), independently (Poisson sampling), and its term of the normaliser is divided
 * by π(c), which makes the sum's expectation the full one (Horvitz and Thompson, JASA 1952).
 * Frequent words reach π = 1, so the estimate varies in the tail alone. Unlike sampling with
 * replacement this has no accidental hits and no duplicates to correct for.
 */
final class CandidateSampler {
  private final double[] inclusion;

  /**
   * @param counts occurrences of each id in the training text
   * @param expected expected number of words that are drawn
   * @throws TrainingException if none: words that are never drawn would never be learned about
   */
  CandidateSampler(long[] counts, int expected) {
    if (expected < 1) {
      throw new TrainingException("candidates must be above 0 for a language model: " + expected);
    }
    inclusion = new double[counts.length];
    if (expected >= counts.length) {
      Arrays.fill(inclusion, 1);
      return;
    }
    double low = 0;
    double high = expected;
    for (int i = 0; i < 100; i++) {
      double k = (low + high) / 2;
      double sum = 0;
      for (int id = 0; id < counts.length; id++) {
        inclusion[id] = Math.min(1, k * Math.sqrt(counts[id] + 1.0));
        sum += inclusion[id];
      }
      if (sum < expected) {
        low = k;
      } else {
        high = k;
      }
    }
  }

  /**
   * One step's words.
   *
   * @param ids token ids {@code [candidates]}, ascending, each once
   * @param corrections what is added to the logit of each: −log π, 0 for a batch's own {@code
   *     [candidates]}
   * @param targets position of each target among {@code ids} {@code [time * batch]}
   */
  record Candidates(int[] ids, float[] corrections, int[] targets) {}

  /** Draws the words for a batch with these target ids; the same seed draws the same. */
  Candidates draw(int[] targetIds, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] position = new int[inclusion.length];
    for (int id : targetIds) {
      position[id] = 1;
    }
    int[] ids = new int[inclusion.length];
    float[] corrections = new float[inclusion.length];
    int size = 0;
    for (int id = 0; id < inclusion.length; id++) {
      boolean drawn = random.nextDouble() < inclusion[id];
      if (position[id] == 1 || drawn) {
        corrections[size] = position[id] == 1 ? 0 : (float) -Math.log(inclusion[id]);
        position[id] = size;
        ids[size++] = id;
      }
    }
    int[] targets = new int[targetIds.length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = position[targetIds[i]];
    }
    return new Candidates(Arrays.copyOf(ids, size), Arrays.copyOf(corrections, size), targets);
  }
}
