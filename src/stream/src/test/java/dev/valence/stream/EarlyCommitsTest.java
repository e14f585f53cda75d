package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EarlyCommitsTest {

  private static final long MILLISECOND = 1_000_000;

  private final EarlyCommits commits = new EarlyCommits(true);

  @Test
  void areWorthItOnAQuietThread() {
    assertThat(commits.areWorthIt(0)).isTrue();

    work(50, 100);

    assertThat(commits.areWorthIt(10_000 * MILLISECOND)).isTrue();
  }

  @Test
  void areNotWorthItOnABusyThread() {
    work(90, 100);

    assertThat(commits.areWorthIt(10_000 * MILLISECOND)).isFalse();
    assertThat(commits.areWorthIt(11_000 * MILLISECOND)).isTrue();
  }

  @Test
  void dependOnTheThreadThatAsks() {
    work(100, 100);

    assertThat(CompletableFuture.supplyAsync(() -> commits.areWorthIt(10_000 * MILLISECOND)).join())
        .isTrue();
  }

  @Test
  void areNeverWorthItWhereScoresAreSeenAtOnce() {
    assertThat(new EarlyCommits(false).areWorthIt(0)).isFalse();
  }

  /** Ten seconds in which each period begins with scoring. */
  private void work(long scoringMillis, long periodMillis) {
    for (long start = 0; start < 10_000; start += periodMillis) {
      commits.worked(start * MILLISECOND, (start + scoringMillis) * MILLISECOND);
    }
  }
}
