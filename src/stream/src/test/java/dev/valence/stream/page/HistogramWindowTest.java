package dev.valence.stream.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Histogram;
import org.junit.jupiter.api.Test;

class HistogramWindowTest {

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Histogram histogram =
      Histogram.build("valence_test_seconds", "A test.")
          .labelNames("version")
          .buckets(1, 2, 4)
          .register(registry);
  private final HistogramWindow window = new HistogramWindow(registry, "valence_test_seconds", 2);

  @Test
  void joinsTheLabelsOfTheHistogram() {
    window.read();
    histogram.labels("1").observe(1.5);
    histogram.labels("2").observe(3.5);

    HistogramWindow.Summary summary = window.read();

    assertThat(summary.mean()).isCloseTo(2.5, within(1e-9));
    assertThat(summary.median()).isBetween(1.0, 2.0);
    assertThat(summary.p95()).isBetween(2.0, 4.0);
  }

  @Test
  void forgetsWhatWasSeenBeforeTheWindow() {
    histogram.labels("1").observe(100);
    window.read();
    histogram.labels("1").observe(0.5);

    assertThat(window.read().mean()).isCloseTo(0.5, within(1e-9));
    assertThat(window.read()).isNull();
  }

  @Test
  void saysNothingOfAHistogramThatIsNotThere() {
    assertThat(new HistogramWindow(registry, "valence_none_seconds", 2).read()).isNull();
  }
}
