package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaMetricsTest {

  private final Metrics metrics = new Metrics();

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void showsTotalsAsCountersAndTheRestAsGauges() throws IOException {
    gauge("process-total", "stream-thread-metrics", Map.of(), 12.0);
    gauge("process-rate", "stream-thread-metrics", Map.of(), 0.5);

    assertThat(page())
        .contains("# TYPE kafka_stream_thread_process_total counter\n")
        .contains("kafka_stream_thread_process_total 12.0\n")
        .contains("# TYPE kafka_stream_thread_process_rate gauge\n")
        .contains("kafka_stream_thread_process_rate 0.5\n");
  }

  @Test
  void leavesOutWhatIsNotANumber() throws IOException {
    gauge("state", "stream-metrics", Map.of(), "RUNNING");
    gauge("latency-avg", "stream-metrics", Map.of(), Double.NaN);

    assertThat(page()).doesNotContain("state", "latency");
  }

  @Test
  void dropsTheRandomPartOfClientIds() throws IOException {
    gauge(
        "poll-total",
        "consumer-metrics",
        Map.of("client-id", "valence-4c3de6a1-9d0f-4b9e-8d4c-0123456789ab-StreamThread-1-consumer"),
        1.0);

    assertThat(page())
        .contains(
            "kafka_consumer_poll_total{client_id=\"valence-StreamThread-1-consumer\",} 1.0\n");
  }

  @Test
  void showsTopicsWithDotsOnce() throws IOException {
    for (String topic : List.of("shop.reviews", "shop_reviews", "other_reviews")) {
      gauge(
          "records-lag",
          "consumer-fetch-manager-metrics",
          Map.of("topic", topic, "partition", "0"),
          7.0);
    }

    assertThat(page().lines().filter(line -> line.contains("records_lag{")))
        .containsExactlyInAnyOrder(
            "kafka_consumer_fetch_manager_records_lag{partition=\"0\",topic=\"shop.reviews\",} 7.0",
            "kafka_consumer_fetch_manager_records_lag{partition=\"0\",topic=\"other_reviews\",} 7.0");
  }

  @Test
  void isNotDrawnUpForWhoAsksForOtherMetrics() {
    AtomicInteger drawn = new AtomicInteger();
    CollectorRegistry registry = new CollectorRegistry();
    new KafkaMetrics(
            () -> {
              drawn.incrementAndGet();
              return metrics.metrics();
            })
        .register(registry);

    Collections.list(registry.filteredMetricFamilySamples(Set.of("valence_reviews_total")));
    assertThat(drawn).hasValue(0);

    Collections.list(registry.metricFamilySamples());
    assertThat(drawn).hasValue(1);
  }

  private <T> void gauge(String name, String group, Map<String, String> tags, T value) {
    MetricName metric = metrics.metricName(name, group, "What it is.", tags);
    metrics.addMetric(metric, (Gauge<T>) (config, now) -> value);
  }

  private String page() throws IOException {
    CollectorRegistry registry = new CollectorRegistry();
    Map<MetricName, ? extends Metric> current = metrics.metrics();
    registry.register(new KafkaMetrics(() -> current));
    StringWriter page = new StringWriter();
    TextFormat.write004(page, registry.metricFamilySamples());
    return page.toString();
  }
}
