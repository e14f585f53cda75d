package dev.valence.training;

/**
 * Temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section
 * 4.2), with a prior around 1: few reviews that happen to be judged right, all of them, would want
 * a temperature of nearly 0.
 */
final class Calibration {
  private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

  /**
   * Of the normal distribution, around 0, that the temperature's logarithm has before any review.
   */
  private static final double DEVIATION = 0.5;

  private Calibration() {}

  /**
   * The temperature in [0.1, 10] that is the likeliest, given the held-out reviews and a prior
   * around 1.
   *
   * @param logits {@code [review][label]}
   * @param truth index of each review's label {@code [review]}
   */
  static double temperature(float[][] logits, int[] truth) {
    double low = Math.log(0.1);
    double high = Math.log(10);
    while (high - low > 1e-4) {
      double left = high - GOLDEN_RATIO * (high - low);
      double right = low + GOLDEN_RATIO * (high - low);
      if (loss(logits, truth, Math.exp(left)) < loss(logits, truth, Math.exp(right))) {
        high = right;
      } else {
        low = left;
      }
    }
    return Math.exp((low + high) / 2);
  }

  /** {@code softmax(logits / temperature)} of each review {@code [review][label]}. */
  static float[][] probabilities(float[][] logits, double temperature) {
    float[][] probabilities = new float[logits.length][];
    for (int i = 0; i < logits.length; i++) {
      double max = Double.NEGATIVE_INFINITY;
      for (float logit : logits[i]) {
        max = Math.max(max, logit);
      }
      double sum = 0;
      probabilities[i] = new float[logits[i].length];
      for (int label = 0; label < logits[i].length; label++) {
        double term = Math.exp((logits[i][label] - max) / temperature);
        probabilities[i][label] = (float) term;
        sum += term;
      }
      for (int label = 0; label < logits[i].length; label++) {
        probabilities[i][label] /= (float) sum;
      }
    }
    return probabilities;
  }

  private static double loss(float[][] logits, int[] truth, double temperature) {
    double prior = Math.pow(Math.log(temperature) / DEVIATION, 2) / 2;
    return Evaluation.of(probabilities(logits, temperature), truth).logLoss()
        + prior / truth.length;
  }
}
