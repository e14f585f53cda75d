package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectingTest {

  private static final long MOST = 500;

  private final Collecting collecting = new Collecting();
  private long now = 1_000_000;

  @Test
  void waitsAFifthOfTheDelayWhereNothingHasComeYet() {
    collecting.came(now, MOST);

    assertThat(collecting.delayMillis()).isEqualTo(MOST / 5);
    assertThat(collecting.leastMillis(now, 0)).isEqualTo(MOST / 10);
  }

  @ParameterizedTest
  @CsvSource({"300, 700, 100", "550, 450, 100", "650, 350, 300", "850, 150, 500"})
  void waitsTheLongerTheMoreOfItsTimeTheThreadScores(int scoring, int resting, int delay) {
    scores(20, scoring, resting);

    collecting.came(now, MOST);

    assertThat(collecting.delayMillis()).isBetween(delay - 60L, delay + 60L);
  }

  @Test
  void isIdleAgainAfterAWhile() {
    scores(20, 900, 100);
    now += 2_000;

    collecting.came(now, MOST);

    assertThat(collecting.delayMillis()).isEqualTo(MOST / 5);
  }

  @Test
  void keepsTheDelayThatTheFirstRecordFound() {
    scores(20, 900, 100);
    collecting.came(now, MOST);

    collecting.came(now + 5_000, MOST);

    assertThat(collecting.delayMillis()).isEqualTo(MOST);
  }

  @Test
  void collectsForAnEighthOfWhatScoringTakesInABacklog() {
    collecting.came(now, MOST);

    assertThat(collecting.leastMillis(now, 4_000)).isEqualTo(500);
  }

  @Property(tries = 200)
  void neverWaitsLongerThanItMayNorLessThanAFifth(
      @ForAll @Size(max = 30) List<@IntRange(max = 3_000) Integer> scorings,
      @ForAll @IntRange(max = 3_000) int resting,
      @ForAll @IntRange(max = 60_000) int most) {
    collecting.answers();
    scorings.forEach(millis -> scores(1, millis, resting));

    collecting.came(now, most);

    assertThat(collecting.delayMillis()).isBetween(most / 5L, (long) most);
  }

  private void scores(int times, int scoring, int resting) {
    for (int time = 0; time < times; time++) {
      collecting.answers();
      collecting.scored(now + resting, now + resting + scoring, false);
      now += resting + scoring;
    }
  }
}
