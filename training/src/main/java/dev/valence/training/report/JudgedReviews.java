package dev.valence.training.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All validation reviews as a classifier judged them.
 *
 * @param labels by index
 * @param reviews in any order
 */
public record JudgedReviews(List<String> labels, List<JudgedReview> reviews) {

  /**
   * The reviews whose confidence is about the same.
   *
   * @param count number of reviews, at least 1
   * @param confidence their mean confidence
   * @param accuracy part of them that was judged right
   */
  record Bin(int count, double confidence, double accuracy) {}

  public JudgedReviews {
    labels = List.copyOf(labels);
    reviews = List.copyOf(reviews);
  }

  /** Number of reviews {@code [right label][given label]}. */
  int[][] confusion() {
    int[][] confusion = new int[labels.size()][labels.size()];
    reviews.forEach(review -> confusion[review.right()][review.given()]++);
    return confusion;
  }

  /** Bins of equal width over [0, 1] that hold a review, from the least confidence up. */
  List<Bin> reliability(int bins) {
    List<Bin> filled = new ArrayList<>();
    for (int bin = 0; bin < bins; bin++) {
      int number = bin;
      List<JudgedReview> inside =
          reviews.stream()
              .filter(review -> Math.min(bins - 1, (int) (review.confidence() * bins)) == number)
              .toList();
      if (!inside.isEmpty()) {
        long right = inside.stream().filter(review -> review.right() == review.given()).count();
        double confidence =
            inside.stream().mapToDouble(JudgedReview::confidence).average().orElseThrow();
        filled.add(new Bin(inside.size(), confidence, (double) right / inside.size()));
      }
    }
    return filled;
  }

  /** The reviews that were judged wrong with the least doubt, worst first. */
  List<JudgedReview> mostWrong(int count) {
    return reviews.stream()
        .filter(review -> review.right() != review.given())
        .sorted(
            Comparator.comparingDouble(JudgedReview::rightProbability)
                .thenComparing(JudgedReview::id))
        .limit(count)
        .toList();
  }
}
