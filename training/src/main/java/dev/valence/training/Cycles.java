package dev.valence.training;

/**
 * How the learning rate goes over a run: one cycle or several, each of the same shape.
 *
 * @param shape of a cycle
 * @param count number of cycles
 * @param length length of the first cycle in epochs
 * @param multiplier each cycle is this many times longer than the one before
 * @param warmup part of a cycle, in [0, 1), in which the rate rises
 * @param ratio of the peak to the rate that {@code shape} starts from
 */
record Cycles(
    Schedule shape, int count, double length, double multiplier, double warmup, double ratio) {

  static Cycles of(Hyperparameters numbers) {
    return new Cycles(
        numbers.schedule(),
        numbers.cycles(),
        numbers.cycleLen(),
        numbers.cycleMult(),
        numbers.warmup(),
        numbers.ratio());
  }

  /** One fall from the full rate to nothing. */
  static Cycles fall(double epochs) {
    return new Cycles(Schedule.COSINE, 1, epochs, 1, 0, 1);
  }

  /** Length of all cycles in epochs. */
  double epochs() {
    double epochs = 0;
    double cycle = length;
    for (int i = 0; i < count; i++) {
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
  double rate(double epoch) {
    double start = 0;
    double cycle = length;
    for (int i = 0; i < count; i++) {
      if (epoch < start + cycle) {
        return shape.rate((epoch - start) / cycle, warmup, ratio);
      }
      start += cycle;
      cycle *= multiplier;
    }
    return 0;
  }
}
