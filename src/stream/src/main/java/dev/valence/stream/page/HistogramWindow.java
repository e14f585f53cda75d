package dev.valence.stream.page;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.CollectorRegistry;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a histogram of Prometheus saw in the last while, whatever its labels. Not safe for use by
 * several threads.
 */
final class HistogramWindow {

  /**
   * @param mean of what was seen
   * @param median at most, by the histogram's buckets
   * @param p95 what 95 of 100 did not exceed, by the buckets
   */
  record Summary(double mean, double median, double p95) {}

  private record Reading(double sum, double count, TreeMap<Double, Double> cumulative) {}

  private final CollectorRegistry registry;
  private final String name;
  private final int readings;
  private final Deque<Reading> window = new ArrayDeque<>();

  /**
   * @param name of the histogram
   * @param readings how many readings make the window, at least 2
   */
  HistogramWindow(CollectorRegistry registry, String name, int readings) {
    this.registry = registry;
    this.name = name;
    this.readings = readings;
  }

  /**
   * Reads the histogram once more.
   *
   * @return null if nothing was observed within the window
   */
  Summary read() {
    window.addLast(reading());
    if (window.size() > readings) {
      window.removeFirst();
    }
    Reading first = window.getFirst();
    Reading last = window.getLast();
    double count = last.count() - first.count();
    if (count <= 0) {
      return null;
    }
    return new Summary(
        (last.sum() - first.sum()) / count,
        quantile(0.5 * count, first, last),
        quantile(0.95 * count, first, last));
  }

  /** Linear within the bucket, as Prometheus does it. */
  private static double quantile(double rank, Reading first, Reading last) {
    double lower = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : last.cumulative().entrySet()) {
      double upper = bucket.getKey();
      double reached = bucket.getValue() - first.cumulative().getOrDefault(upper, 0.0);
      if (reached >= rank) {
        return Double.isInfinite(upper)
            ? lower
            : lower + (upper - lower) * (rank - below) / Math.max(1, reached - below);
      }
      lower = upper;
      below = reached;
    }
    return lower;
  }

  private Reading reading() {
    double sum = 0;
    double count = 0;
    TreeMap<Double, Double> cumulative = new TreeMap<>();
    Set<String> names = Set.of(name + "_sum", name + "_count", name + "_bucket");
    for (MetricFamilySamples family :
        Collections.list(registry.filteredMetricFamilySamples(names))) {
      for (Sample sample : family.samples) {
        if (sample.name.endsWith("_sum")) {
          sum += sample.value;
        } else if (sample.name.endsWith("_count")) {
          count += sample.value;
        } else {
          String bound = sample.labelValues.get(sample.labelNames.indexOf("le"));
          cumulative.merge(parse(bound), sample.value, Double::sum);
        }
      }
    }
    return new Reading(sum, count, cumulative);
  }

  private static double parse(String bound) {
    return bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
  }
}
