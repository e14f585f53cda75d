package dev.valence.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthReportTest {

  private final GrowthReport report =
      new GrowthReport(
          new Machine("A <fast> processor", 2, "Linux amd64", "17", "2026-01-02"),
          "m",
          List.of(
              new Growth.Series("Partitions", "partitions", List.of(point(1, 9), point(64, 3)))));

  @Test
  void drawsEachSeriesIntoOneFile() throws IOException {
    String html = report.html();

    assertThat(html)
        .contains(
            "A &lt;fast&gt; processor", "tokens/s by partitions", "resident MiB by partitions")
        .contains("900 tokens/s at 1", "300 tokens/s at 64")
        .doesNotContain("<script", "src=", "http://", "https://");
  }

  @Test
  void hasTheSameAsATable() {
    assertThat(report.markdown()).contains("| 64 | 300 | 3 | 50.0 % | 5 |");
  }

  private static Growth.Point point(double at, int reviews) {
    Measurement measured =
        new Measurement(
            reviews, 100L * reviews, 200L * reviews, List.of(1.0), null, null, null, null, 5L);
    return new Growth.Point(at, Figures.of(Contender.E_FP32, measured, 1, null));
  }
}
