package dev.valence.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Says on stderr how many reviews are scored, or sent, every ten seconds and at the end. */
final class ReviewProgress {
  private static final long INTERVAL = Duration.ofSeconds(10).toNanos();

  private final PrintWriter err;
  private final long started = System.nanoTime();
  private long reported = started;
  private long reviews;

  ReviewProgress(PrintWriter err) {
    this.err = err;
  }

  /**
   * @param more reviews that have just been written, or sent
   */
  void add(int more) {
    reviews += more;
    if (System.nanoTime() - reported >= INTERVAL) {
      report();
    }
  }

  /** Reports the whole. */
  void end() {
    report();
  }

  private void report() {
    reported = System.nanoTime();
    double seconds = (reported - started) / 1e9;
    err.println(
        String.format(
            Locale.ROOT,
            "%d reviews in %.1f s, %.0f reviews/s",
            reviews,
            seconds,
            reviews / seconds));
    err.flush();
  }
}
