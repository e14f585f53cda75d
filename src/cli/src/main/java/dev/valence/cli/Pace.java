package dev.valence.cli;

import java.util.function.LongSupplier;

/** Spreads events evenly; what was held up is not made up for in a burst. */
final class Pace {
  private final long gapNanos;
  private final LongSupplier clock;
  private long next;

  /**
   * Starts now.
   *
   * @param perSecond most events a second, above 0
   * @param clock nanoseconds, as of {@link System#nanoTime}
   */
  Pace(double perSecond, LongSupplier clock) {
    this.gapNanos = (long) (1e9 / perSecond);
    this.clock = clock;
    this.next = clock.getAsLong();
  }

  /** How long to wait before the next event, in nanoseconds; 0 or less means now. */
  long nanosToNext() {
    return next - clock.getAsLong();
  }

  /** One event happens now. */
  void happened() {
    long late = -nanosToNext();
    next += gapNanos + (late > gapNanos ? late : 0);
  }
}
