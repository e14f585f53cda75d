package dev.valence.training;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Rules all ids out but the {@code k} most probable (Fan, Lewis and Dauphin, "Hierarchical Neural
 * Story Generation", ACL 2018, section 5.4). Ids as probable as the last of them stay as well.
 *
 * @param k at least 1
 * @param among draws from those that are left
 */
public record TopKSampling(int k, Sampling among) implements Sampling {
  public TopKSampling {
    if (k < 1) {
      throw new TrainingException("top-k must be at least 1: " + k + ". Try 50.");
    }
  }

  @Override
  public int next(float[] logits, RandomGenerator random) {
    float[] sorted = logits.clone();
    Arrays.sort(sorted);
    float least = sorted[Math.max(0, sorted.length - k)];
    float[] kept = logits.clone();
    for (int id = 0; id < kept.length; id++) {
      if (kept[id] < least) {
        kept[id] = Float.NEGATIVE_INFINITY;
      }
    }
    return among.next(kept, random);
  }
}
