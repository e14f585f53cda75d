package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CosineCyclesTest {

  @Test
  void growCycleByCycle() {
    assertThat(new CosineCycles(4, 1, 2, 0).epochs()).isEqualTo(15);
  }

  @Test
  void startFullAndEndAtNothingInEachCycle() {
    CosineCycles cycles = new CosineCycles(2, 1, 2, 0);

    assertThat(cycles.rate(0)).isEqualTo(1);
    assertThat(cycles.rate(0.5)).isCloseTo(0.5, within(1e-9));
    assertThat(cycles.rate(0.999)).isLessThan(1e-3);
    assertThat(cycles.rate(1)).isEqualTo(1);
    assertThat(cycles.rate(2)).isCloseTo(0.5, within(1e-9));
    assertThat(cycles.rate(3)).isZero();
  }

  @Test
  void riseFirstWhenAskedTo() {
    CosineCycles cycles = new CosineCycles(1, 10, 1, 0.1);

    assertThat(cycles.rate(0)).isLessThan(0.02);
    assertThat(cycles.rate(0.5)).isCloseTo(0.5, within(1e-9));
    assertThat(cycles.rate(1)).isEqualTo(1);
  }
}
