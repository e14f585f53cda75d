package dev.valence.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What was measured of a contender. What makes no sense for it is null.
 *
 * @param what it is, in words
 * @param precision that it computes in
 * @param reviews of one round
 * @param reviewsPerSecond median
 * @param tokensPerSecond median; padding is no token
 * @param flopPerSecond of the products that the tokens need
 * @param paddingRatio part of what was computed that was padding, in [0, 1)
 * @param residentMebibytes of the process after the rounds
 * @param p50Millis of a call of the model, in (e) of scoring what was collected
 * @param p99Millis the same
 * @param largestDifference of a probability from what (d) gives in fp32
 * @param timeShares of the scoring threads, by what they did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Figures(
    String what,
    String precision,
    Integer reviews,
    Double reviewsPerSecond,
    Double tokensPerSecond,
    Double flopPerSecond,
    Double paddingRatio,
    Long residentMebibytes,
    Double p50Millis,
    Double p99Millis,
    Double largestDifference,
    Map<String, Double> timeShares) {

  /**
   * Makes figures of a measurement.
   *
   * @param flopPerToken that a token needs
   * @param expected probabilities that are right, or null
   */
  static Figures of(
      Contender contender, Measurement measured, double flopPerToken, float[][] expected) {
    boolean scored = measured.reviews() > 0;
    double seconds = scored ? median(measured.seconds()) : 1;
    CallTimes calls = measured.calls();
    return new Figures(
        contender.what(),
        contender.precision().toString(),
        scored ? measured.reviews() : null,
        scored ? measured.reviews() / seconds : null,
        scored ? measured.tokens() / seconds : null,
        scored
            ? Double.valueOf(measured.tokens() / seconds * flopPerToken)
            : measured.flopPerSecond(),
        measured.cells() == 0 ? null : 1 - (double) measured.tokens() / measured.cells(),
        measured.residentMebibytes(),
        calls == null ? null : calls.p50Millis(),
        calls == null ? null : calls.p99Millis(),
        expected == null || measured.probabilities() == null
            ? null
            : largestDifference(measured.probabilities(), expected),
        measured.timeShares());
  }

  /**
   * The round in the middle by speed, of an even number the slower one.
   *
   * @param rounds of one contender, at least one
   */
  static Figures middle(List<Figures> rounds) {
    return rounds.stream()
        .sorted(Comparator.comparing(Figures::flopPerSecond))
        .skip((rounds.size() - 1) / 2)
        .findFirst()
        .orElseThrow();
  }

  /** Whether no probability differs by more from what is right, as far as both are known. */
  boolean isAsExpected(double tolerance) {
    return largestDifference == null || largestDifference <= tolerance;
  }

  /** What {@code other} is to be compared by: tokens where both have them, else FLOP. */
  Double ratioTo(Figures other) {
    if (tokensPerSecond != null && other.tokensPerSecond != null) {
      return tokensPerSecond / other.tokensPerSecond;
    }
    return flopPerSecond == null || other.flopPerSecond == null
        ? null
        : Double.valueOf(flopPerSecond / other.flopPerSecond);
  }

  private static double largestDifference(float[][] given, float[][] expected) {
    double largest = 0;
    for (int review = 0; review < given.length; review++) {
      for (int label = 0; label < given[review].length; label++) {
        double difference = Math.abs(given[review][label] - expected[review][label]);
        largest = Double.isNaN(difference) ? 1 : Math.max(largest, difference);
      }
    }
    return largest;
  }

  /** Of an even number, the mean of the two in the middle. */
  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
