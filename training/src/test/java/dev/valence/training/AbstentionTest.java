package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class AbstentionTest {

  @Test
  void keepsAsManyReviewsAsThePrecisionAllows() {
    // 100 sure reviews, 99 right; 100 doubtful ones, half of them right.
    List<ValidationJudgements.Line> lines = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      lines.add(line(0.99 - i * 1e-4, i != 50));
      lines.add(line(0.60 - i * 1e-4, i % 2 == 0));
    }

    Abstention chosen = Abstention.forPrecision(new ValidationJudgements(lines), 0.98);

    // 99 of 100, and then right, wrong, right: 101 of 103 is the last that is precise enough.
    assertThat(chosen.threshold()).isBetween(0.60 - 3e-4, 0.60 - 2e-4);
    assertThat(chosen.coverage()).isCloseTo(103 / 200.0, within(1e-9));
    assertThat(chosen.precision()).isCloseTo(101 / 103.0, within(1e-9));
  }

  @Test
  void neverAbstainsWhereAllReviewsAreJudgedWellEnough() {
    List<ValidationJudgements.Line> lines = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      lines.add(line(0.5 + i * 0.01, i > 1));
    }

    Abstention chosen = Abstention.forPrecision(new ValidationJudgements(lines), 0.9);

    assertThat(chosen).isEqualTo(new Abstention(0, 28 / 30.0, 1));
  }

  @Test
  void saysWhatCanBeReached() {
    List<ValidationJudgements.Line> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      lines.add(line(0.9 - i * 0.01, i % 2 == 0));
    }
    ValidationJudgements judged = new ValidationJudgements(lines);

    assertThatThrownBy(() -> Abstention.forPrecision(judged, 0.95))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll("95.0 % of at least 20", "of 40", "the best reaches 52.4 %");
    ValidationJudgements few = new ValidationJudgements(lines.subList(0, 19));
    assertThatThrownBy(() -> Abstention.forPrecision(few, 0.5))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("19 held-out reviews are too few");
    assertThatThrownBy(() -> Abstention.forPrecision(judged, 95))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("between 0 and 1: 95.0");
  }

  @Property(tries = 200)
  void keepsTheMostReviewsOfAllThresholdsThatReachThePrecision(
      @ForAll @DoubleRange(min = 0.5, max = 0.99) double precision, @ForAll long seed) {
    Random random = new Random(seed);
    List<ValidationJudgements.Line> lines = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      double confidence = Math.round(50 + 50 * random.nextDouble()) / 100.0;
      lines.add(line(confidence, random.nextDouble() < confidence));
    }
    ValidationJudgements judged = new ValidationJudgements(lines);
    // Which reviews are right is chance, so that some precisions are beyond some of the 300.
    int most =
        IntStream.rangeClosed(50, 100)
            .mapToObj(percent -> keptBy(percent / 100.0, lines))
            .filter(kept -> kept.size() >= 20 && precisionOf(kept) >= precision)
            .mapToInt(List::size)
            .max()
            .orElse(0);

    if (most == 0) {
      assertThatThrownBy(() -> Abstention.forPrecision(judged, precision))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("no threshold judges");
    } else {
      Abstention chosen = Abstention.forPrecision(judged, precision);

      List<ValidationJudgements.Line> kept = keptBy(chosen.threshold(), lines);
      assertThat(kept).hasSize(most);
      assertThat(chosen.precision()).isEqualTo(precisionOf(kept));
      assertThat(chosen.coverage()).isEqualTo(most / 300.0);
    }
  }

  private static List<ValidationJudgements.Line> keptBy(
      double threshold, List<ValidationJudgements.Line> lines) {
    return lines.stream().filter(line -> line.confidence() >= threshold).toList();
  }

  private static double precisionOf(List<ValidationJudgements.Line> kept) {
    return (double) kept.stream().filter(ValidationJudgements.Line::right).count() / kept.size();
  }

  private static ValidationJudgements.Line line(double confidence, boolean right) {
    return new ValidationJudgements.Line("id", "good", right ? "good" : "bad", confidence);
  }
}
