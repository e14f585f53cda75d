package dev.valence.stream.page;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Lets so many a second pass, and a few at once after a pause. Safe for use by many threads. */
final class TokenBucket {

  private final double perNano;
  private final double capacity;
  private final LongSupplier nanos;
  private double tokens;
  private long filledAt;

  /**
   * @param perSecond positive
   * @param capacity at least 1; how many pass at once
   * @param nanos a clock such as {@link System#nanoTime}
   */
  TokenBucket(double perSecond, int capacity, LongSupplier nanos) {
    this.perNano = perSecond / TimeUnit.SECONDS.toNanos(1);
    this.capacity = capacity;
    this.nanos = nanos;
    this.tokens = capacity;
    this.filledAt = nanos.getAsLong();
  }

  /** Whether one more may pass now. */
  synchronized boolean take() {
    long now = nanos.getAsLong();
    tokens = Math.min(capacity, tokens + (now - filledAt) * perNano);
    filledAt = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
