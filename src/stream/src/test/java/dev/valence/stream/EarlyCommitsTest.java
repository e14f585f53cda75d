package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EarlyCommitsTest {

  private static final long MILLISECOND = 1_000_000;

  private final EarlyCommits commits = new EarlyCommits(true);

  @Test
  void areDueWhenSomeoneWaits() {
    assertThat(commits.areDue(0)).isFalse();

    commits.want();

    assertThat(commits.areDue(0)).isTrue();
  }

  @Test
  void areNotDueTwice() {
    commits.want();
    commit(0, 0);

    assertThat(commits.areDue(10_000 * MILLISECOND)).isFalse();
  }

  @Test
  void takeAFifthOfTheTimeAtMost() {
    commit(0, 20);

    commits.want();

    assertThat(commits.areDue(99 * MILLISECOND)).isFalse();
    assertThat(commits.areDue(100 * MILLISECOND)).isTrue();
  }

  @Test
  void areNotPutOffByOneThatTookLongByItself() {
    commit(0, 20);
    commit(200, 1_200);

    commits.want();

    assertThat(commits.areDue(1_279 * MILLISECOND)).isFalse();
    assertThat(commits.areDue(1_280 * MILLISECOND)).isTrue();

    commit(1_280, 2_280);
    commits.want();

    assertThat(commits.areDue(2_400 * MILLISECOND)).isFalse();
  }

  @Test
  void mayScoreANearlyFullBatchWhereNobodyWaitsYet() {
    assertThat(commits.mayBegin(0)).isTrue();

    commit(0, 20);

    assertThat(commits.mayBegin(99 * MILLISECOND)).isFalse();
    assertThat(commits.mayBegin(100 * MILLISECOND)).isTrue();
    assertThat(commits.areDue(100 * MILLISECOND)).isFalse();
  }

  @Test
  void areNotPutOffForEver() {
    commit(0, 60_000);

    commits.want();

    assertThat(commits.areDue(62_999 * MILLISECOND)).isFalse();
    assertThat(commits.areDue(63_000 * MILLISECOND)).isTrue();
  }

  @Test
  void areTimedFromTheLastTaskThatScoredToTheFirstThatGoesOn() {
    commits.begins(0);
    commits.begins(1_000 * MILLISECOND);
    commits.goesOn(1_010 * MILLISECOND);
    commits.goesOn(1_500 * MILLISECOND);

    commits.want();

    assertThat(commits.areDue(1_049 * MILLISECOND)).isFalse();
    assertThat(commits.areDue(1_050 * MILLISECOND)).isTrue();
  }

  @Test
  void areNeverDueWhereScoresAreSeenAtOnce() {
    EarlyCommits atLeastOnce = new EarlyCommits(false);

    atLeastOnce.want();

    assertThat(atLeastOnce.areDue(0)).isFalse();
  }

  private void commit(long fromMillis, long toMillis) {
    commits.begins(fromMillis * MILLISECOND);
    commits.goesOn(toMillis * MILLISECOND);
  }
}
