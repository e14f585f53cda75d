package dev.valence.cli;

import dev.valence.schema.ReviewSentiment;
import java.util.Locale;
import java.util.Map;

/** Scores as lines of a table; all but the review's id fit into 52 columns. */
final class SentimentTable {
  private static final String FORMAT = "%-10s %6s %7s %8s  %-14s %s";

  String header() {
    return FORMAT.formatted("LABEL", "PROB", "TOKENS", "UNKNOWN", "MODEL", "REVIEW");
  }

  /** One line; a plus behind the tokens says that the middle of the review was left out. */
  String row(ReviewSentiment sentiment) {
    return FORMAT.formatted(
        printable(sentiment.getLabel()),
        percentage(sentiment),
        sentiment.getTokens() + (sentiment.getTruncated() ? "+" : ""),
        sentiment.getUnknownTokens(),
        printable(sentiment.getModelName() + " " + sentiment.getModelVersion()),
        printable(sentiment.getReviewId()));
  }

  /** A tombstone: the review of that id is no more. */
  String tombstone(String reviewId) {
    return FORMAT.formatted("(deleted)", "", "", "", "", printable(reviewId));
  }

  /** The probability of the label, or the highest where the model abstained. */
  private static String percentage(ReviewSentiment sentiment) {
    Map<String, Float> probabilities = sentiment.getProbabilities();
    double highest =
        probabilities.values().stream().mapToDouble(Float::doubleValue).max().orElse(0);
    Float ofLabel = probabilities.get(sentiment.getLabel());
    return String.format(Locale.ROOT, "%.1f%%", 100 * (ofLabel == null ? highest : ofLabel));
  }

  /** A record may hold anything, but it shall not steer a terminal. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "\ufffd");
  }
}
