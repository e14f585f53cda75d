package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalsTest {

  private final Arrivals arrivals = new Arrivals(100);

  @Test
  void countFromWhenARecordIsReadOnAThreadThatWasReading() {
    assertThat(arrivals.of(900, 1_000)).isEqualTo(1_000);
  }

  @Test
  void countFromTheTimestampOfWhatCameWhileTheThreadScored() {
    arrivals.scoredDue(960);

    assertThat(arrivals.of(970, 1_000)).isEqualTo(970);
  }

  @Test
  void countFromNoEarlierThanTheScoringBegan() {
    arrivals.scoredDue(960);

    assertThat(arrivals.of(0, 1_000)).isEqualTo(960);
  }

  @Test
  void leaveHalfOfTheDelay() {
    arrivals.scoredDue(0);

    assertThat(arrivals.of(500, 1_000)).isEqualTo(950);
  }

  @Test
  void doNotTrustAClockThatIsAhead() {
    arrivals.scoredDue(960);

    assertThat(arrivals.of(5_000, 1_000)).isEqualTo(1_000);
  }

  @Test
  void countFromWhenARecordIsReadOnAThreadThatIsBehind() {
    arrivals.scoredDue(960);
    arrivals.scoredFull();

    assertThat(arrivals.of(970, 1_000)).isEqualTo(1_000);
  }
}
