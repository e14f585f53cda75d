package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.BatchPlanner;
import dev.valence.stream.trend.TrendMetrics;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class MetricsReferenceTest {

  @Test
  void namesEveryMetricInTheReadme() throws IOException {
    String readme =
        Files.readString(Path.of(System.getProperty("basedir", "."), "../../README.md"));
    CollectorRegistry registry = new CollectorRegistry();
    new StreamMetrics(registry, new BatchPlanner());
    new TrendMetrics(registry);

    assertThat(Collections.list(registry.metricFamilySamples()))
        .isNotEmpty()
        .allSatisfy(family -> assertThat(readme).containsPattern(family.name + "(_total)?[`{]"));
  }
}
