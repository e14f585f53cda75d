package dev.valence.stream;

/**
 * Decides whether to ask for a commit as soon as a review was answered because it was due. Under
 * exactly once a score is seen only when it is committed, so without that a review on a quiet
 * stream would wait for the commit interval. A commit costs a round trip and empties the batches of
 * all partitions of a thread, so a thread that has much to do is left to its interval: it is the
 * full batches that keep it going. Each thread has an account of its own.
 */
final class EarlyCommits {

  /**
   * Share of its time that a thread may spend on scoring and still be asked. Half is too little for
   * a stream at half load, whose commits cost time as well; from about 0.9 on, batches that are
   * full would be cut short.
   */
  private static final double BUSY = 0.75;

  private static final double WINDOW_NANOS = 1e9;

  /** Scoring time of one thread, of which the older counts less and less. */
  private static final class Account {
    private double nanos;
    private long at;
  }

  private final boolean exactlyOnce;
  private final ThreadLocal<Account> accounts = ThreadLocal.withInitial(Account::new);

  /**
   * @param exactlyOnce whether scores are seen only when they are committed
   */
  EarlyCommits(boolean exactlyOnce) {
    this.exactlyOnce = exactlyOnce;
  }

  /**
   * This thread scored.
   *
   * @param start by {@link System#nanoTime}
   * @param end by the same
   */
  void worked(long start, long end) {
    Account account = accounts.get();
    account.nanos = Math.min(WINDOW_NANOS, remaining(account, end) + end - start);
    account.at = end;
  }

  /**
   * Whether this thread should ask.
   *
   * @param now by {@link System#nanoTime}
   */
  boolean areWorthIt(long now) {
    return exactlyOnce && remaining(accounts.get(), now) < BUSY * WINDOW_NANOS;
  }

  private static double remaining(Account account, long now) {
    return account.nanos * Math.exp(-(now - account.at) / WINDOW_NANOS);
  }
}
