package dev.valence.training;

/**
 * Cosine annealing with warm restarts (Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5), down
 * to nothing in each cycle, with an optional linear rise at the start of a cycle.
 *
 * @param cycles number of cycles
 * @param length length of the first cycle in epochs
 * @param multiplier each cycle is this many times longer than the one before
 * @param warmup part of a cycle, in [0, 1), in which the rate rises
 */
public record CosineCycles(int cycles, double length, double multiplier, double warmup) {

  static CosineCycles of(Hyperparameters numbers) {
    return new CosineCycles(
        numbers.cycles(), numbers.cycleLen(), numbers.cycleMult(), numbers.warmup());
  }

  /** Length of all cycles in epochs. */
  public double epochs() {
    double epochs = 0;
    double cycle = length;
    for (int i = 0; i < cycles; i++) {
      epochs += cycle;
      cycle *= multiplier;
    }
    return epochs;
  }

  /**
   * The part of the full learning rate, in [0, 1], that is due.
   *
   * @param epoch the time since the first step, in epochs; at or after {@link #epochs()} the answer
   *     is 0
   */
  public double rate(double epoch) {
    double start = 0;
    double cycle = length;
    for (int i = 0; i < cycles; i++) {
      if (epoch < start + cycle) {
        double position = (epoch - start) / cycle;
        return position < warmup
            ? Math.max(position / warmup, 0.01)
            : 0.5 * (1 + Math.cos(Math.PI * (position - warmup) / (1 - warmup)));
      }
      start += cycle;
      cycle *= multiplier;
    }
    return 0;
  }
}
