package dev.valence.stream.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabelSeriesTest {

  private static final long START = 1_000_000 * LabelSeries.STEP_MILLIS;

  private final LabelSeries series = new LabelSeries();

  @Test
  void countsByStepOldestFirst() {
    series.add("positive", START);
    series.add("positive", START + LabelSeries.STEP_MILLIS - 1);
    series.add("negative", START + 2 * LabelSeries.STEP_MILLIS);

    int[] positive = series.counts(START + 2 * LabelSeries.STEP_MILLIS).get("positive");
    int[] negative = series.counts(START + 2 * LabelSeries.STEP_MILLIS).get("negative");

    assertThat(positive).hasSize(LabelSeries.STEPS).endsWith(2, 0, 0);
    assertThat(negative).endsWith(0, 0, 1);
  }

  @Test
  void forgetsWhatIsOlderThanItsSteps() {
    series.add("positive", START);

    assertThat(series.total(START + (LabelSeries.STEPS - 1) * LabelSeries.STEP_MILLIS))
        .isEqualTo(1);
    assertThat(series.total(START + LabelSeries.STEPS * LabelSeries.STEP_MILLIS)).isZero();
  }

  @Test
  void countsIntoTheNewestStepWhenTheClockIsSetBack() {
    series.add("positive", START);
    series.add("positive", START - 10 * LabelSeries.STEP_MILLIS);

    assertThat(series.counts(START).get("positive")).endsWith(2);
  }
}
