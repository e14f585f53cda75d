package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsReferenceTest {

  private final String reference = new MetricsReference().markdown();

  @Test
  void tellsNameLabelsTypeAndMeaning() {
    assertThat(reference)
        .startsWith("| metric | type | meaning |\n|---|---|---|\n")
        .contains("| `valence_reviews_total{label}` | counter | Reviews scored, by label. |\n")
        .contains("| `valence_model_trial_info{name,version,kind}` | gauge | ")
        .contains("| `valence_label_probability{label}` | histogram | ")
        .contains("| `valence_trends_running` | gauge | ");
  }

  @Test
  void isInTheOrderOfNames() {
    assertThat(reference.lines().skip(2)).hasSizeGreaterThan(30).isSorted();
  }
}
