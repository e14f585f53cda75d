package dev.valence.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a model makes of labelled reviews, as a whole and by kinds of them.
 *
 * @param overall of the most probable label, whether the model commits itself to it or not
 * @param coverage part of the reviews that the model gives a label, the others being uncertain
 * @param keptPrecision part of those that have the right one; NaN if there is none
 * @param byLength by number of tokens, shortest first
 * @param byConfidence by probability of the most probable label, least first
 */
public record ModelEvaluation(
    Evaluation overall,
    double coverage,
    double keptPrecision,
    List<Slice> byLength,
    List<Slice> byConfidence) {
  /** A bucket of lengths ends with each, in tokens. */
  private static final double[] LENGTHS = {0, 32, 64, 128, 256, 512, 1024};

  /** A bucket of confidence ends below each. */
  private static final double[] CONFIDENCES = {0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99};

  /**
   * Reviews of a kind.
   *
   * @param range what they have in common, such as {@code 65-128} tokens or a confidence of {@code
   *     0.90-0.95}; the last bucket of lengths has no end: {@code 1025-}
   * @param reviews number of them, at least 1
   * @param accuracy part of them whose most probable label is the right one
   * @param confidence mean probability of that label: the same as the accuracy for a model that is
   *     calibrated
   */
  public record Slice(String range, int reviews, double accuracy, double confidence) {}

  /**
   * One review.
   *
   * @param tokens that were scored
   * @param confidence probability of the most probable label
   * @param right whether that is the right one
   * @param kept whether the model gives it
   */
  record Judged(int tokens, double confidence, boolean right, boolean kept) {}

  static ModelEvaluation of(Evaluation overall, List<Judged> reviews) {
    List<Judged> kept = reviews.stream().filter(Judged::kept).toList();
    return new ModelEvaluation(
        overall,
        (double) kept.size() / reviews.size(),
        accuracy(kept),
        slices(reviews, Judged::tokens, lengths()),
        slices(reviews, Judged::confidence, confidences()));
  }

  /** The figures by name; those that are not defined are left out. */
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>(overall.figures());
    figures.put("coverage", coverage);
    if (!Double.isNaN(keptPrecision)) {
      figures.put("kept_precision", keptPrecision);
    }
    return figures;
  }

  /**
   * @param from least value in it
   * @param below first value above it
   */
  private record Bucket(String range, double from, double below) {}

  private static List<Bucket> lengths() {
    List<Bucket> buckets = new ArrayList<>();
    double from = 0;
    for (double last : LENGTHS) {
      String range = from == last ? whole(last) : whole(from) + "-" + whole(last);
      buckets.add(new Bucket(range, from, last + 1));
      from = last + 1;
    }
    buckets.add(new Bucket(whole(from) + "-", from, Double.POSITIVE_INFINITY));
    return buckets;
  }

  private static List<Bucket> confidences() {
    List<Bucket> buckets = new ArrayList<>();
    double from = 0;
    for (double below : CONFIDENCES) {
      buckets.add(new Bucket(range(from, below), from, below));
      from = below;
    }
    buckets.add(new Bucket(range(from, 1), from, Double.POSITIVE_INFINITY));
    return buckets;
  }

  private static String whole(double tokens) {
    return String.format(Locale.ROOT, "%.0f", tokens);
  }

  private static String range(double from, double below) {
    return String.format(Locale.ROOT, "%.2f-%.2f", from, below);
  }

  private static List<Slice> slices(
      List<Judged> reviews, ToDoubleFunction<Judged> value, List<Bucket> buckets) {
    List<Slice> slices = new ArrayList<>();
    for (Bucket bucket : buckets) {
      List<Judged> inside =
          reviews.stream()
              .filter(review -> value.applyAsDouble(review) >= bucket.from())
              .filter(review -> value.applyAsDouble(review) < bucket.below())
              .toList();
      if (!inside.isEmpty()) {
        double confidence = inside.stream().mapToDouble(Judged::confidence).average().orElseThrow();
        slices.add(new Slice(bucket.range(), inside.size(), accuracy(inside), confidence));
      }
    }
    return slices;
  }

  private static double accuracy(List<Judged> reviews) {
    return reviews.stream().mapToInt(review -> review.right() ? 1 : 0).average().orElse(Double.NaN);
  }
}
