package dev.valence.training;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The shape that the learning rate takes within a cycle. */
public enum Schedule {
  /**
   * Cosine annealing down to nothing (Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5), after
   * a linear rise from nothing.
   */
  @JsonProperty("cosine")
  COSINE {
    @Override
    double rate(double position, double warmup, double ratio) {
      return position < warmup
          ? Math.max(position / warmup, LEAST)
          : 0.5 * (1 + Math.cos(Math.PI * (position - warmup) / (1 - warmup)));
    }
  },
  /**
   * A straight rise, a straight fall to where it came from, and a last tenth that falls on to
   * nothing (Smith, "A disciplined approach to neural network hyper-parameters", 2018, section
   * 4.1). Smith's rise is as long as his fall: a {@code warmup} of 0.45. Adam's first beta does not
   * move.
   */
  @JsonProperty("one_cycle")
  ONE_CYCLE {
    @Override
    double rate(double position, double warmup, double ratio) {
      if (position >= ANNIHILATION) {
        return (1 - position) / (1 - ANNIHILATION) / ratio;
      }
      return position < warmup
          ? between(1 / ratio, 1, position / warmup)
          : between(1, 1 / ratio, (position - warmup) / (ANNIHILATION - warmup));
    }
  },
  /**
   * A short straight rise, then a long straight fall to where it came from (Howard and Ruder, 2018,
   * equation 3; {@code warmup} is their cut_frac).
   */
  @JsonProperty("slanted_triangular")
  SLANTED_TRIANGULAR {
    @Override
    double rate(double position, double warmup, double ratio) {
      return position < warmup
          ? between(1 / ratio, 1, position / warmup)
          : between(1, 1 / ratio, (position - warmup) / (1 - warmup));
    }
  };

  /** Part of one cycle at which the last fall begins. */
  static final double ANNIHILATION = 0.9;

  private static final double LEAST = 0.01;

  /**
   * The part of the full learning rate, in [0, 1].
   *
   * @param position part of the cycle that is over, in [0, 1)
   * @param warmup part of the cycle in which the rate rises, in [0, 1); below 0.9 for one cycle
   * @param ratio of the peak to the rate at the start, at least 1; cosine has no use for it
   */
  abstract double rate(double position, double warmup, double ratio);

  private static double between(double from, double to, double part) {
    return from + (to - from) * part;
  }
}
