package dev.valence.training;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Shows how a run stands: one line that is written over on a terminal, a line every half minute
 * elsewhere.
 */
public final class Progress {
  private static final int BAR = 20;
  private static final long TERMINAL_NANOS = Duration.ofMillis(200).toNanos();
  private static final long LOG_NANOS = Duration.ofSeconds(30).toNanos();

  private final PrintStream out;
  private final boolean terminal;
  private long started;
  private long shown;
  private long tokens;
  private double done;
  private double loss = Double.NaN;

  /**
   * @param out where the lines go; data has another stream
   * @param terminal whether a line can be written over
   */
  public Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * Starts the clock as {@link #start()} does, for a run that goes on.
   *
   * @param smoothedLoss of the steps that were made before; null if none were, or it is not known
   */
  void start(Double smoothedLoss) {
    start();
    loss = smoothedLoss == null ? Double.NaN : smoothedLoss;
  }

  /** Starts the clock that speed and time left are reckoned by. */
  void start() {
    started = System.nanoTime();
    shown = started;
    tokens = 0;
    done = Double.NaN;
  }

  /**
   * Counts one step of learning.
   *
   * @param what names the stage and epoch
   * @param position part of the stage that is done, in [0, 1]
   * @param stepLoss of this step; shown smoothed
   * @param stepTokens read in this step
   */
  void step(String what, double position, double stepLoss, long stepTokens) {
    loss = Double.isNaN(loss) ? stepLoss : 0.98 * loss + 0.02 * stepLoss;
    count(what, position, String.format(Locale.ROOT, "loss %.4f  ", loss), stepTokens);
  }

  /** Counts one step of reading without learning; the parameters are those of {@link #step}. */
  void read(String what, double position, long stepTokens) {
    count(what, position, "", stepTokens);
  }

  private void count(String what, double position, String figures, long stepTokens) {
    if (Double.isNaN(done)) {
      done = position;
    }
    tokens += stepTokens;
    long now = System.nanoTime();
    if (now - shown < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
      return;
    }
    shown = now;
    double seconds = (now - started) / 1e9;
    double covered = position - done;
    String left = covered <= 0 ? "?" : clock((1 - position) * seconds / covered);
    int filled = (int) (position * BAR);
    String line =
        String.format(
            Locale.ROOT,
            "%s [%s%s] %3.0f%%  %s%,.0f tokens/s  %s left",
            what,
            "=".repeat(filled),
            " ".repeat(BAR - filled),
            100 * position,
            figures,
            tokens / seconds,
            left);
    if (terminal) {
      out.print("\r" + line + "\u001b[K");
      out.flush();
    } else {
      out.println(line);
    }
  }

  /** The loss of the last steps, smoothed. */
  double smoothedLoss() {
    return loss;
  }

  /** Tokens a second since {@link #start()}. */
  double tokensPerSecond() {
    return tokens / ((System.nanoTime() - started) / 1e9);
  }

  /** Writes a line that stays. */
  public void line(String text) {
    if (terminal) {
      out.print("\r\u001b[K");
    }
    out.println(text);
  }

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    return whole >= 3600
        ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }
}
