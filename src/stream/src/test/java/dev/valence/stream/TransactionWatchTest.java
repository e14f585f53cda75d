package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TransactionWatchTest {

  private static final long TOO_LONG = Duration.ofSeconds(11).toNanos();

  private final TransactionWatch watch =
      new TransactionWatch(
          new TimeLimit("key", Duration.ofSeconds(10), Duration.ofSeconds(1), true));

  @Test
  void countsOnlyWhatIsScoredWithinATransaction() {
    assertThat(watch.scored(TOO_LONG)).isFalse();
    watch.wrote();

    assertThat(watch.scored(TOO_LONG / 2)).isFalse();
    assertThat(watch.scored(TOO_LONG / 2)).isTrue();
    assertThat(watch.scored(TOO_LONG)).as("only once").isFalse();
  }

  @Test
  void givesUpAfterThreeTransactionsInARow() {
    overrun();
    overrun();

    assertThatThrownBy(this::overrun)
        .isInstanceOf(SlowModelException.class)
        .hasMessageContaining("it scored for 11 s within one transaction, which may last 10 s");
  }

  @Test
  void forgivesOnceACommitSucceeds() {
    for (int round = 0; round < 5; round++) {
      overrun();
      overrun();
      watch.commits();
      watch.goesOn();
    }
    assertThat(watch.scored(TOO_LONG)).as("no transaction is open").isFalse();
  }

  /** A commit that fails gives the tasks back. */
  private void overrun() {
    watch.restarted();
    watch.goesOn();
    watch.wrote();
    assertThat(watch.scored(TOO_LONG)).isTrue();
    watch.commits();
  }
}
