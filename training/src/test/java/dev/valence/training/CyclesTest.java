package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CyclesTest {

  @Test
  void growCycleByCycle() {
    assertThat(new Cycles(Schedule.COSINE, 4, 1, 2, 0, 32).epochs()).isEqualTo(15);
  }

  @Test
  void startFullAndEndAtNothingInEachCosineCycle() {
    Cycles cycles = new Cycles(Schedule.COSINE, 2, 1, 2, 0, 32);

    assertThat(cycles.rate(0)).isEqualTo(1);
    assertThat(cycles.rate(0.5)).isCloseTo(0.5, within(1e-9));
    assertThat(cycles.rate(0.999)).isLessThan(1e-3);
    assertThat(cycles.rate(1)).isEqualTo(1);
    assertThat(cycles.rate(2)).isCloseTo(0.5, within(1e-9));
    assertThat(cycles.rate(3)).isZero();
  }

  @Test
  void riseFirstWhenAskedTo() {
    Cycles cycles = new Cycles(Schedule.COSINE, 1, 10, 1, 0.1, 32);

    assertThat(cycles.rate(0)).isLessThan(0.02);
    assertThat(cycles.rate(0.5)).isCloseTo(0.5, within(1e-9));
    assertThat(cycles.rate(1)).isEqualTo(1);
  }

  @Test
  void slantTheTriangleAsTheEquationSays() {
    Cycles cycles = new Cycles(Schedule.SLANTED_TRIANGULAR, 1, 10, 1, 0.1, 32);

    for (double epoch = 0; epoch < 10; epoch += 0.25) {
      // Howard and Ruder, equation 3, with a thousand iterations an epoch
      double cut = Math.floor(10_000 * 0.1);
      double t = epoch * 1_000;
      double p = t < cut ? t / cut : 1 - (t - cut) / (cut * (1 / 0.1 - 1));
      assertThat(cycles.rate(epoch)).isCloseTo((1 + p * (32 - 1)) / 32, within(1e-9));
    }
    assertThat(cycles.rate(10)).isZero();
  }

  @Test
  void riseFallAndVanishInOneCycle() {
    Cycles cycles = new Cycles(Schedule.ONE_CYCLE, 1, 1, 1, 0.45, 10);

    assertThat(cycles.rate(0)).isCloseTo(0.1, within(1e-9));
    assertThat(cycles.rate(0.225)).isCloseTo(0.55, within(1e-9));
    assertThat(cycles.rate(0.45)).isEqualTo(1);
    assertThat(cycles.rate(0.675)).isCloseTo(0.55, within(1e-9));
    assertThat(cycles.rate(0.9)).isCloseTo(0.1, within(1e-9));
    assertThat(cycles.rate(0.95)).isCloseTo(0.05, within(1e-9));
    assertThat(cycles.rate(0.9999)).isLessThan(1e-3);
  }
}
