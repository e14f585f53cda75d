package dev.valence.stream;

import dev.valence.stream.trend.TrendMetrics;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.SimpleCollector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Writes the reference of Valence's own metrics as Markdown, for the README. */
public final class MetricsReference {

  /** A table of all metrics whose names begin with {@code valence_}, by name. */
  public String markdown() {
    Metrics metrics = new Metrics();
    new StreamMetrics(metrics);
    new ModelMetrics(metrics);
    new TrendMetrics(metrics);
    StringBuilder page = new StringBuilder("| metric | type | meaning |\n|---|---|---|\n");
    metrics.known.stream().map(MetricsReference::row).sorted().forEach(page::append);
    return page.toString();
  }

  private static String row(SimpleCollector<?> metric) {
    MetricFamilySamples family = withLabels(metric).collect().get(0);
    boolean counter = family.type == Collector.Type.COUNTER;
    List<String> labels = new ArrayList<>(family.samples.get(0).labelNames);
    labels.remove("le");
    return "| `%s%s%s` | %s | %s |\n"
        .formatted(
            family.name,
            counter ? "_total" : "",
            labels.isEmpty() ? "" : "{" + String.join(",", labels) + "}",
            family.type.name().toLowerCase(Locale.ROOT),
            family.help);
  }

  /** The library tells the names of labels with a sample alone, and their number not at all. */
  private static Collector withLabels(SimpleCollector<?> metric) {
    for (int labels = 0; ; labels++) {
      try {
        metric.labels(Collections.nCopies(labels, "any").toArray(String[]::new));
        return metric;
      } catch (IllegalArgumentException e) {
        continue;
      }
    }
  }

  /** Keeps the metrics instead of showing them. */
  private static final class Metrics extends CollectorRegistry {
    private final List<SimpleCollector<?>> known = new ArrayList<>();

    @Override
    public void register(Collector collector) {
      known.add((SimpleCollector<?>) collector);
    }
  }
}
