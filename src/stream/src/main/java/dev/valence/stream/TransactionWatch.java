package dev.valence.stream;

import java.util.concurrent.TimeUnit;

/**
 * Adds up how long a thread scores within one transaction. The broker aborts one that lasts too
 * long, Kafka Streams then takes its tasks back and starts them again where the last commit was: if
 * scoring is to blame, for ever. After the third time in a row this says so instead.
 *
 * <p>A transaction begins with the first record that is written in it; what is scored before that
 * does not count. For one thread.
 */
final class TransactionWatch {

  private static final int PATIENCE = 3;

  private final TimeLimit limit;
  private boolean open;
  private boolean committing;
  private boolean overrun;
  private long scoringNanos;
  private int overruns;

  TransactionWatch(TimeLimit limit) {
    this.limit = limit;
  }

  /** The thread's tasks start where the last commit was. */
  void restarted() {
    begin();
  }

  /** A commit begins, which ends the transaction unless {@link #restarted} follows. */
  void commits() {
    committing = true;
  }

  /** The thread goes on with its records. */
  void goesOn() {
    if (committing) {
      overruns = 0;
      begin();
    }
  }

  /** Records have been written. */
  void wrote() {
    open = true;
  }

  /**
   * A batch was scored.
   *
   * @return whether the transaction has just become too long
   * @throws SlowModelException if it has for the third time in a row
   */
  boolean scored(long nanos) {
    if (!limit.aborts() || !open || overrun) {
      return false;
    }
    scoringNanos += nanos;
    overrun = scoringNanos > limit.time().toNanos();
    if (!overrun) {
      return false;
    }
    overruns++;
    if (overruns >= PATIENCE) {
      throw new SlowModelException(
          "the model is too slow: it scored for %d s within one transaction, which may last %d s, %d times in a row. Raise %s, or lower valence.batch.max.tokens."
              .formatted(
                  TimeUnit.NANOSECONDS.toSeconds(scoringNanos),
                  limit.time().toSeconds(),
                  overruns,
                  limit.key()));
    }
    return true;
  }

  private void begin() {
    open = false;
    committing = false;
    overrun = false;
    scoringNanos = 0;
  }
}
