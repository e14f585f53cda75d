package dev.valence.stream.trend;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

/** Counts what is counted, for Prometheus. Like all metrics, what is replayed counts again. */
public final class TrendMetrics {

  private final Counter reviews;
  private final Counter late;
  private final Gauge running;

  /**
   * @param registry takes the metrics
   */
  public TrendMetrics(CollectorRegistry registry) {
    reviews =
        Counter.build("valence_trend_reviews_total", "Reviews counted by subject and window.")
            .register(registry);
    late =
        Counter.build(
                "valence_trend_late_reviews_total",
                "Reviews that came after their window had closed, and are in no trend.")
            .register(registry);
    running =
        Gauge.build("valence_trends_running", "1 while reviews are counted, 0 if that has ended.")
            .register(registry);
  }

  void counted() {
    reviews.inc();
  }

  void late() {
    late.inc();
  }

  /** Whether reviews are counted. */
  public void running(boolean is) {
    running.set(is ? 1 : 0);
  }
}
