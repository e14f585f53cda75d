package dev.valence.stream.trend;

import java.time.Duration;

/**
 * Windows of one length side by side, the first of which begins with 1970.
 *
 * @param size at least a millisecond
 * @param grace how long after its end a window is still open, not negative
 */
public record TrendWindows(Duration size, Duration grace) {

  /** When the window of that moment begins; both in milliseconds since 1970. */
  long start(long timestamp) {
    return timestamp - Math.floorMod(timestamp, size.toMillis());
  }

  long end(long start) {
    return start + size.toMillis();
  }

  /** How long windows must be kept to be able to count what comes late. */
  Duration retention() {
    return size.plus(grace);
  }

  /**
   * Whether nothing counts any more that belongs to a window.
   *
   * @param latest start of the latest window that is known
   */
  boolean isClosed(long start, long latest) {
    return start <= latest - retention().toMillis();
  }
}
