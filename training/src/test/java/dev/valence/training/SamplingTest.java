package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private static final float[] LOGITS = {
    (float) Math.log(0.5), Float.NEGATIVE_INFINITY, (float) Math.log(0.3), (float) Math.log(0.2)
  };

  @Test
  void drawsAsOftenAsTheModelSays() {
    double[] shares = shares(new TemperatureSampling(1));

    assertThat(shares).containsExactly(new double[] {0.5, 0, 0.3, 0.2}, within(0.01));
  }

  @Test
  void sharpensWithALowTemperature() {
    double[] shares = shares(new TemperatureSampling(0.5));

    double sum = 0.25 + 0.09 + 0.04;
    assertThat(shares)
        .containsExactly(new double[] {0.25 / sum, 0, 0.09 / sum, 0.04 / sum}, within(0.01));
  }

  @Test
  void takesTheLikeliestAtTemperatureZero() {
    assertThat(shares(new TemperatureSampling(0))).containsExactly(1, 0, 0, 0);
  }

  @Test
  void drawsAmongTheLikeliest() {
    double[] shares = shares(new TopKSampling(2, new TemperatureSampling(1)));

    assertThat(shares).containsExactly(new double[] {0.625, 0, 0.375, 0}, within(0.01));
  }

  @Test
  void takesAnyNumberOfTheLikeliest() {
    double[] shares = shares(new TopKSampling(50, new TemperatureSampling(1)));

    assertThat(shares).containsExactly(new double[] {0.5, 0, 0.3, 0.2}, within(0.01));
  }

  @Test
  void refusesWhatCannotBeDrawnBy() {
    assertThatThrownBy(() -> new TemperatureSampling(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new TemperatureSampling(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new TopKSampling(0, new TemperatureSampling(1)))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("0");
  }

  private static double[] shares(Sampling sampling) {
    SplittableRandom random = new SplittableRandom(7);
    double[] shares = new double[LOGITS.length];
    for (int i = 0; i < 40_000; i++) {
      shares[sampling.next(LOGITS, random)] += 1.0 / 40_000;
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.round(shares[i] * 1e9) / 1e9;
    }
    return shares;
  }
}
