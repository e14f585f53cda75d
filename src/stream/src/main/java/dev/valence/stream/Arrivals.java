package dev.valence.stream;

/**
 * Since when records wait, as a thread sees it. Those that come while it scores wait as well,
 * though it reads them only then: their timestamps tell how long, as far as that can be true. Half
 * of the delay is left to them in any case, to collect others. After a batch that was full they
 * count from when they are read: the thread is behind, and full batches are what helps. For one
 * thread.
 */
final class Arrivals {

  private static final long NEVER = Long.MAX_VALUE;

  private final long maxDelayMillis;
  private long scoringSince = NEVER;

  /**
   * @param maxDelayMillis not negative; how long a record may wait
   */
  Arrivals(long maxDelayMillis) {
    this.maxDelayMillis = maxDelayMillis;
  }

  /**
   * The thread began to score because a record was due.
   *
   * @param since wall-clock milliseconds
   */
  void scoredDue(long since) {
    scoringSince = since;
  }

  /** The thread scored because there was no room for more. */
  void scoredFull() {
    scoringSince = NEVER;
  }

  /**
   * Since when a record waits that is read now.
   *
   * @param timestamp of the record, which may be wrong; milliseconds
   * @param now wall-clock milliseconds
   * @return at most now, and at least half of the delay before
   */
  long of(long timestamp, long now) {
    long earliest = Math.max(scoringSince, now - maxDelayMillis / 2);
    return Math.min(now, Math.max(timestamp, earliest));
  }
}
