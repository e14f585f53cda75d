package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClassifierTextTest {
  private static final Corpus TRAINING = Synthetic.reviews(80, 1);

  @Test
  void countsNoStepsBeyondTheRunsLastEpoch() {
    Hyperparameters numbers = Synthetic.small(Preset.SEED.classifier());
    ClassifierText text =
        ClassifierText.of(
            TRAINING,
            Synthetic.reviews(10, 2),
            LanguageModel.untrained(numbers, TRAINING).pipeline(),
            TRAINING.labels(),
            SoftLabels.none(),
            numbers);
    int inAnEpoch = text.training().epoch(0).size();

    assertThat(text.stepsBefore(time -> time < 1_000_000, 1.5)).isEqualTo(2 * inAnEpoch);
    assertThat(text.stepsBefore(time -> time < 1, 1.5)).isEqualTo(inAnEpoch);
  }
}
