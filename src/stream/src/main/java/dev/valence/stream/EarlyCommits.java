package dev.valence.stream;

import java.time.Duration;

/**
 * Decides when to ask for a commit because reviews were answered. Under exactly once a score is
 * seen only when it is committed, so without that it would wait for the commit interval. And a
 * commit scores what has been collected until then: right after a batch it is little, in the midst
 * of collecting it would cut the next one short. That is why Kafka's own interval is long.
 *
 * <p>A commit is a round trip to the broker, in which the thread scores nothing. So where they take
 * long, the next is put off: commits may take a fifth of a thread's time. One that took long by
 * itself puts off none, since the scores behind it would wait for another run of the model. For one
 * thread.
 */
final class EarlyCommits {

  /** After a commit, so many times as long as it took, or the one before, none is asked for. */
  private static final int REST = 4;

  /** So long a commit is put off at most. */
  static final Duration LONGEST = Duration.ofSeconds(3);

  private final boolean exactlyOnce;
  private boolean wanted;
  private boolean committing;
  private long began;
  private long ended;
  private long took;
  private long tookBefore;

  /**
   * @param exactlyOnce whether scores are seen only when they are committed
   */
  EarlyCommits(boolean exactlyOnce) {
    this.exactlyOnce = exactlyOnce;
  }

  /** Reviews were answered. */
  void want() {
    wanted = exactlyOnce;
  }

  /**
   * Whether to ask now.
   *
   * @param now by {@link System#nanoTime}
   */
  boolean areDue(long now) {
    return wanted && mayBegin(now);
  }

  /**
   * Whether the last commit is long enough ago for another, even if nothing was answered since.
   *
   * @param now by {@link System#nanoTime}
   */
  boolean mayBegin(long now) {
    return took == 0
        || now - ended >= Math.min(REST * Math.min(took, tookBefore), LONGEST.toNanos());
  }

  /**
   * Everything is scored, and the commit begins.
   *
   * @param now by {@link System#nanoTime}
   */
  void begins(long now) {
    wanted = false;
    committing = true;
    began = now;
  }

  /**
   * The thread goes on; if a commit began, it is over.
   *
   * @param now by {@link System#nanoTime}
   * @return whether one is over
   */
  boolean goesOn(long now) {
    if (!committing) {
      return false;
    }
    committing = false;
    ended = now;
    tookBefore = took == 0 ? now - began : took;
    took = now - began;
    return true;
  }
}
