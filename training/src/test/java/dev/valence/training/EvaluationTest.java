package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final float[][] PROBABILITIES = {
    {0.9f, 0.1f}, {0.4f, 0.6f}, {0.3f, 0.7f}, {0.2f, 0.8f}
  };
  private static final int[] TRUTH = {0, 0, 1, 1};

  @Test
  void countsWhatWasGivenAndWhatWasRight() {
    Evaluation evaluation = Evaluation.of(PROBABILITIES, TRUTH);

    assertThat(evaluation.accuracy()).isEqualTo(0.75);
    assertThat(evaluation.confusion()).isDeepEqualTo(new int[][] {{1, 1}, {0, 2}});
    // F1 of label 0: precision 1, recall 1/2; of label 1: precision 2/3, recall 1.
    assertThat(evaluation.macroF1()).isCloseTo((2.0 / 3 + 0.8) / 2, within(1e-9));
    assertThat(evaluation.logLoss())
        .isCloseTo(
            -(Math.log(0.9) + Math.log(0.4) + Math.log(0.7) + Math.log(0.8)) / 4, within(1e-6));
    assertThat(evaluation.calibrationError()).isCloseTo((0.1 + 0.6 + 0.3 + 0.2) / 4, within(1e-6));
  }

  @Test
  void ranksForTheAreaUnderTheCurve() {
    assertThat(Evaluation.of(PROBABILITIES, TRUTH).auc()).isEqualTo(1);
    float[][] tied = {{0.5f, 0.5f}, {0.5f, 0.5f}, {0.4f, 0.6f}};
    assertThat(Evaluation.of(tied, new int[] {0, 1, 0}).auc()).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void ranksEachOfManyLabelsAgainstTheRest() {
    float[][] three = {{0.8f, 0.1f, 0.1f}, {0.2f, 0.5f, 0.3f}, {0.1f, 0.6f, 0.3f}};

    // No review has the third label: its rank says nothing.
    Evaluation evaluation = Evaluation.of(three, new int[] {0, 0, 1});

    assertThat(evaluation.auc()).isEqualTo(1);
    assertThat(evaluation.byLabel().get(2).f1()).isNaN();
    assertThat(evaluation.macroF1()).isCloseTo(2 / 3.0, within(1e-9));
  }

  @Test
  void tellsPrecisionAndRecallOfEachLabel() {
    assertThat(Evaluation.of(PROBABILITIES, TRUTH).byLabel())
        .containsExactly(
            new Evaluation.OfLabel(2, 1, 0.5, 2.0 / 3), new Evaluation.OfLabel(2, 2.0 / 3, 1, 0.8));
  }

  @Test
  void refusesToMeasureNothing() {
    assertThatThrownBy(() -> Evaluation.of(new float[0][], new int[0]))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("no labelled review");
  }

  @Test
  void endsWithProbabilitiesThatAreNoNumbers() {
    float[][] diverged = {{Float.NaN, Float.NaN}, {0.4f, 0.6f}, {Float.NaN, Float.NaN}};

    assertThat(Evaluation.of(diverged, new int[] {0, 1, 1}).logLoss()).isNaN();
  }

  /** A review of 62 % must not become one of 99.9 %. */
  @Test
  void calibrationDoesNotBelieveThatWhatIsRightByChanceIsCertain() {
    for (int reviews : new int[] {1, 5, 10}) {
      float[][] logits = new float[reviews][];
      Arrays.setAll(logits, review -> new float[] {0.5f, 0});

      assertThat(Calibration.temperature(logits, new int[reviews])).isBetween(0.4, 1.0);
    }
  }

  @Test
  void calibrationFindsTheTemperatureThatTheLogitsWereMultipliedBy() {
    Random random = new Random(3);
    float[][] logits = new float[5_000][];
    int[] truth = new int[logits.length];
    for (int i = 0; i < logits.length; i++) {
      double logit = 2 * random.nextGaussian();
      truth[i] = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
      logits[i] = new float[] {0, (float) (3 * logit)};
    }

    assertThat(Calibration.temperature(logits, truth)).isCloseTo(3, within(0.3));
  }
}
