package dev.valence.stream;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Shows the metrics of Kafka Streams and its clients to Prometheus: {@code kafka_<group>_<name>}
 * with their tags as labels. What grows for ever is a counter, the rest are gauges. Values that are
 * not numbers are left out, and so is the random part of client ids, which would make new series at
 * each start.
 */
final class KafkaMetrics extends Collector implements Collector.Describable {

  private static final Pattern RANDOM_PART =
      Pattern.compile("-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final String GROUP_SUFFIX = "-metrics";
  private static final String COUNTER_SUFFIX = "_total";
  private static final String TOPIC = "topic";

  private final Supplier<? extends Map<MetricName, ? extends Metric>> metrics;

  /**
   * @param metrics the current metrics; empty before the stream starts
   */
  KafkaMetrics(Supplier<? extends Map<MetricName, ? extends Metric>> metrics) {
    this.metrics = metrics;
  }

  /** Stands for all, so that whoever asks the registry for others does not have these drawn up. */
  @Override
  public List<MetricFamilySamples> describe() {
    return List.of(new MetricFamilySamples("kafka", Type.GAUGE, "Metrics of Kafka.", List.of()));
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Map<String, Family> families = new TreeMap<>();
    Map<MetricName, Metric> all = new HashMap<>(metrics.get());
    all.keySet().removeAll(repeated(all.keySet()));
    all.forEach(
        (name, metric) -> {
          if (metric.metricValue() instanceof Number number
              && !Double.isNaN(number.doubleValue())) {
            families
                .computeIfAbsent(prometheusName(name), key -> new Family(key, name.description()))
                .add(name.tags(), number.doubleValue());
          }
        });
    return families.values().stream().map(Family::samples).toList();
  }

  /**
   * What Kafka has a second time under its older name: figures of partitions of a topic with dots,
   * which are underscores there (KIP-1109). In a sum they would count twice.
   */
  private static Set<MetricName> repeated(Set<MetricName> names) {
    return names.stream()
        .filter(name -> name.tags().getOrDefault(TOPIC, "").indexOf('.') >= 0)
        .map(
            name -> {
              Map<String, String> older = new HashMap<>(name.tags());
              older.computeIfPresent(TOPIC, (tag, topic) -> topic.replace('.', '_'));
              return new MetricName(name.name(), name.group(), name.description(), older);
            })
        .collect(Collectors.toSet());
  }

  private static String prometheusName(MetricName name) {
    String group = name.group();
    if (group.endsWith(GROUP_SUFFIX)) {
      group = group.substring(0, group.length() - GROUP_SUFFIX.length());
    }
    return sanitizeMetricName("kafka_" + group + "_" + name.name());
  }

  /** One metric of Prometheus with a sample a set of labels. */
  private static final class Family {

    private final String name;
    private final String help;
    private final Map<Map<String, String>, Double> values = new LinkedHashMap<>();

    Family(String name, String help) {
      this.name = name;
      this.help = help;
    }

    void add(Map<String, String> tags, double value) {
      Map<String, String> labels = new TreeMap<>();
      tags.forEach(
          (tag, content) ->
              labels.put(sanitizeMetricName(tag), RANDOM_PART.matcher(content).replaceAll("")));
      values.put(labels, value);
    }

    MetricFamilySamples samples() {
      boolean counter = name.endsWith(COUNTER_SUFFIX);
      List<MetricFamilySamples.Sample> samples = new ArrayList<>();
      values.forEach(
          (labels, value) ->
              samples.add(
                  new MetricFamilySamples.Sample(
                      name, List.copyOf(labels.keySet()), List.copyOf(labels.values()), value)));
      return new MetricFamilySamples(name, counter ? Type.COUNTER : Type.GAUGE, help, samples);
    }
  }
}
