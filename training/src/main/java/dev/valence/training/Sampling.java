package dev.valence.training;

import java.util.random.RandomGenerator;

/** Chooses the next token. */
public interface Sampling {

  /**
   * An id that a language model may write next.
   *
   * @param logits of each id {@code [vocabulary]}; negative infinity where an id is ruled out, and
   *     finite in one place at least; not changed
   */
  int next(float[] logits, RandomGenerator random);
}
