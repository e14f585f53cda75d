package dev.valence.training;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * When a model commits itself to a label (selective classification, El-Yaniv and Wiener, JMLR
 * 2010).
 *
 * @param threshold confidence in [0, 1] below which a review is {@code uncertain}; 0 for never
 * @param precision part of the held-out reviews with a label that have the right one
 * @param coverage part of the held-out reviews that have a label
 */
public record Abstention(double threshold, double precision, double coverage) {
  /** Precision of fewer reviews than this is chance. */
  private static final int LEAST_KEPT = 20;

  /**
   * Finds the least threshold above which the stated part of the held-out reviews is judged right.
   *
   * @param precision in (0, 1)
   * @throws TrainingException if no threshold reaches it, or one that leaves too few reviews to
   *     tell
   */
  public static Abstention forPrecision(ValidationJudgements judged, double precision) {
    if (!(precision > 0 && precision < 1)) {
      throw new TrainingException(
          "the precision must be between 0 and 1: " + precision + ". Try 0.95.");
    }
    if (judged.lines().size() < LEAST_KEPT) {
      throw new TrainingException(
          judged.lines().size()
              + " held-out reviews are too few to choose a threshold by. Hold out at least "
              + LEAST_KEPT
              + " with --validation.");
    }
    List<ValidationJudgements.Line> lines =
        judged.lines().stream()
            .sorted(Comparator.comparingDouble(ValidationJudgements.Line::confidence).reversed())
            .toList();
    int right = 0;
    int kept = 0;
    int rightOfKept = 0;
    double best = 0;
    for (int i = 0; i < lines.size(); i++) {
      right += lines.get(i).right() ? 1 : 0;
      boolean divides =
          i + 1 == lines.size() || lines.get(i + 1).confidence() < lines.get(i).confidence();
      if (divides && i + 1 >= LEAST_KEPT) {
        double reached = (double) right / (i + 1);
        best = Math.max(best, reached);
        if (reached >= precision) {
          kept = i + 1;
          rightOfKept = right;
        }
      }
    }
    if (kept == 0) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "no threshold judges %.1f %% of at least %d held-out reviews right: of %,d the best reaches"
                  + " %.1f %%. Ask for less, or hold out more reviews with --validation.",
              100 * precision,
              LEAST_KEPT,
              lines.size(),
              100 * best));
    }
    // Half way to the next review, so that rounding of weights moves neither across.
    double threshold =
        kept == lines.size()
            ? 0
            : (lines.get(kept - 1).confidence() + lines.get(kept).confidence()) / 2;
    return new Abstention(threshold, (double) rightOfKept / kept, (double) kept / lines.size());
  }
}
