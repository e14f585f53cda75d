package dev.valence.stream;

import java.time.Duration;

/**
 * The time that Kafka gives a thread to score what it took in.
 *
 * @param key the configuration key that sets it
 * @param time after which a transaction is aborted, or a thread counts as dead
 * @param reserved part of it that may pass before a commit that is wanted begins
 * @param aborts whether it is a transaction that ends then
 */
record TimeLimit(String key, Duration time, Duration reserved, boolean aborts) {

  /** Only one part in so many of the time is planned for. */
  static final int MARGIN = 2;

  /** What may be planned for, not negative. */
  Duration plannable() {
    Duration plannable = time.dividedBy(MARGIN).minus(reserved);
    return plannable.isNegative() ? Duration.ZERO : plannable;
  }
}
