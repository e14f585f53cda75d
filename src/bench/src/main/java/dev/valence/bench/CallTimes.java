package dev.valence.bench;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * How long calls of the model took.
 *
 * @param p50Millis half of them took no longer
 * @param p99Millis 99 of 100 took no longer
 */
record CallTimes(double p50Millis, double p99Millis) {

  /** Of the times themselves, or null where there was no call. */
  static CallTimes of(List<Double> nanos) {
    double[] sorted = nanos.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted.length == 0
        ? null
        : new CallTimes(percentile(sorted, 0.5) / 1e6, percentile(sorted, 0.99) / 1e6);
  }

  /**
   * Of a histogram, as Prometheus' {@code histogram_quantile} has it: within its bucket, a call may
   * have taken any time as well as any other. What the last bucket holds took as long as it begins.
   *
   * @param counts of the calls that took at most so many seconds, by these; the last is all of them
   * @return null where there was no call
   */
  static CallTimes ofBuckets(SortedMap<Double, Double> counts) {
    return counts.isEmpty() || counts.get(counts.lastKey()) == 0
        ? null
        : new CallTimes(1e3 * quantile(counts, 0.5), 1e3 * quantile(counts, 0.99));
  }

  /**
   * What that part of the values does not exceed.
   *
   * @param sorted the smallest first, not empty
   * @param part in (0, 1]
   */
  static double percentile(double[] sorted, double part) {
    return sorted[(int) Math.ceil(part * sorted.length) - 1];
  }

  private static double quantile(SortedMap<Double, Double> counts, double part) {
    double rank = part * counts.get(counts.lastKey());
    double from = 0;
    double before = 0;
    for (Map.Entry<Double, Double> bucket : counts.entrySet()) {
      if (bucket.getValue() >= rank) {
        return bucket.getKey().isInfinite()
            ? from
            : from + (bucket.getKey() - from) * (rank - before) / (bucket.getValue() - before);
      }
      from = bucket.getKey();
      before = bucket.getValue();
    }
    throw new IllegalArgumentException("counts that fall: " + counts);
  }
}
