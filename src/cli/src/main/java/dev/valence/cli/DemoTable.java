package dev.valence.cli;

import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** Reviews and what Valence makes of them, in 80 columns. */
final class DemoTable {
  private static final String FORMAT = "%-11s %s %6s  %s";
  private static final int LABEL_WIDTH = 9;
  private static final int TEXT_WIDTH = 50;

  private final Ansi ansi;

  DemoTable(Ansi ansi) {
    this.ansi = ansi;
  }

  String header() {
    return FORMAT.formatted("SUBJECT", pad("LABEL"), "PROB", "REVIEW");
  }

  String row(Review review, ReviewSentiment sentiment) {
    double highest =
        sentiment.getProbabilities().values().stream().max(Comparator.naturalOrder()).orElse(0f);
    return FORMAT.formatted(
        review.getSubject(),
        coloured(sentiment.getLabel()),
        String.format(Locale.ROOT, "%.1f%%", 100 * highest),
        beginning(review.getText()));
  }

  private String coloured(String label) {
    String style =
        Map.of("positive", "fg(green)", "negative", "fg(red)").getOrDefault(label, "fg(yellow)");
    return ansi.string("@|" + style + " " + pad(label) + "|@");
  }

  private static String pad(String label) {
    return ("%-" + LABEL_WIDTH + "s").formatted(label);
  }

  private static String beginning(String text) {
    String line = text.replaceAll("<br />|\\s+", " ");
    return line.length() <= TEXT_WIDTH ? line : line.substring(0, TEXT_WIDTH - 3) + "...";
  }
}
