package dev.valence.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class AxisTest {

  @Property(tries = 500)
  void holdsAllValuesBetweenFewTicks(
      @ForAll @DoubleRange(min = -1e9, max = 1e9) double one,
      @ForAll @DoubleRange(min = -1e9, max = 1e9) double other) {
    Axis axis = Axis.linear("loss", DoubleStream.of(one, other));

    assertThat(axis.position(one)).isBetween(-1e-6, 1 + 1e-6);
    assertThat(axis.position(other)).isBetween(-1e-6, 1 + 1e-6);
    assertThat(axis.ticks()).hasSizeBetween(2, 8).isSorted();
  }

  @Test
  void marksRoundNumbers() {
    assertThat(Axis.linear("loss", DoubleStream.of(4.03, 5.9)).ticks())
        .containsExactly(4.0, 4.5, 5.0, 5.5, 6.0);
    assertThat(Axis.counting("epoch", DoubleStream.of(1, 3)).ticks())
        .containsExactly(1.0, 2.0, 3.0);
    assertThat(Axis.counting("epoch", DoubleStream.of(1, 12)).ticks()).containsExactly(5.0, 10.0);
    assertThat(Axis.logarithmic("rate", DoubleStream.of(2e-4, 0.5)).ticks())
        .containsExactly(1e-4, 1e-3, 1e-2, 1e-1, 1.0);
  }
}
