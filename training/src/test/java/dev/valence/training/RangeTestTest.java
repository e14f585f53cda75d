package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.valence.training.report.RateCurve;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class RangeTestTest {

  @Test
  void raisesTheRateByTheSameFactor() {
    RateCurve curve = run(new RangeTest(1e-4, 1, 5), rate -> 1);

    assertThat(curve.points().stream().mapToDouble(RateCurve.Point::rate).toArray())
        .containsExactly(new double[] {1e-4, 1e-3, 1e-2, 1e-1, 1}, within(1e-9));
  }

  @Test
  void stopsWhenTheLossDiverges() {
    RateCurve curve = run(new RangeTest(1e-5, 10, 200), rate -> rate < 0.1 ? 3 : 3e3 * rate);

    assertThat(curve.diverged()).isTrue();
    assertThat(curve.points().get(curve.points().size() - 1).rate()).isBetween(0.1, 0.3);
  }

  @Test
  void stopsWhenTheLossIsNoNumber() {
    RateCurve curve = run(new RangeTest(1e-5, 10, 200), rate -> rate < 0.1 ? 3 - rate : Double.NaN);

    assertThat(curve.diverged()).isTrue();
    assertThat(curve.points()).allSatisfy(point -> assertThat(point.loss()).isFinite());
  }

  @Test
  void suggestsATenthOfTheRateOfTheLeastLoss() {
    RateCurve curve =
        run(new RangeTest(1e-6, 1, 600), rate -> 1 + Math.pow(Math.log10(rate) + 2, 2));

    assertThat(curve.suggestion().getAsDouble()).isBetween(0.9e-3, 1.4e-3);
  }

  @Test
  void smoothsWithoutLeaningToZero() {
    assertThat(run(new RangeTest(1e-4, 1, 30), rate -> 7).points())
        .allSatisfy(point -> assertThat(point.loss()).isCloseTo(7, within(1e-9)));
  }

  @Test
  void suggestsNothingWhenTheLossNeverFell() {
    assertThat(run(new RangeTest(0.1, 1, 20), rate -> 1 + rate).suggestion()).isEmpty();
  }

  @Test
  void refusesRatesThatDoNotRise() {
    assertThatThrownBy(() -> new RangeTest(1, 0.1, 10))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("from 1.0 to 0.1");
    assertThatThrownBy(() -> new RangeTest(0, 1, 10)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> new RangeTest(0.1, 1, 1)).hasMessageContaining("steps");
  }

  private static RateCurve run(RangeTest test, DoubleUnaryOperator loss) {
    while (!test.over()) {
      test.add(loss.applyAsDouble(test.rate()));
    }
    return test.curve();
  }
}
