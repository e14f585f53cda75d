package dev.valence.training.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Confusion matrix, reliability diagram and the most wrong reviews of a classifier. */
final class JudgementSection {
  private static final int BINS = 15;
  private static final int MOST_WRONG = 20;
  private static final int MOST_CHARACTERS = 1_200;

  private final JudgedReviews judged;

  JudgementSection(JudgedReviews judged) {
    this.judged = judged;
  }

  String html() {
    return "<div class=\"charts\">\n" + confusion() + reliability() + "</div>\n" + mostWrong();
  }

  private String confusion() {
    StringBuilder rows = new StringBuilder("<tr><th>judged →</th>");
    judged
        .labels()
        .forEach(label -> rows.append("<th>").append(Html.escape(label)).append("</th>"));
    rows.append("</tr>\n");
    int[][] confusion = judged.confusion();
    for (int right = 0; right < confusion.length; right++) {
      int all = Math.max(1, Arrays.stream(confusion[right]).sum());
      rows.append("<tr><th>").append(Html.escape(judged.labels().get(right))).append("</th>");
      for (int given = 0; given < confusion.length; given++) {
        double share = (double) confusion[right][given] / all;
        rows.append(
            String.format(
                Locale.ROOT,
                "<td class=\"%s\" style=\"--share:%.3f\">%,d<small>%.1f %%</small></td>",
                right == given ? "right" : "wrong",
                share,
                confusion[right][given],
                100 * share));
      }
      rows.append("</tr>\n");
    }
    return "<figure><figcaption>Confusion: rows as people judged</figcaption>\n"
        + "<div class=\"wide\"><table class=\"confusion\">\n"
        + rows
        + "</table></div></figure>\n";
  }

  private String reliability() {
    String title = "Reliability: part judged right by confidence";
    Plot plot = new Plot(title, Axis.share("confidence"), Axis.share("part judged right"));
    plot.line("ideal", 0, 0, 1, 1);
    List<JudgedReviews.Bin> bins = judged.reliability(BINS);
    plot.path(
        "second",
        bins.stream().mapToDouble(JudgedReviews.Bin::confidence).toArray(),
        bins.stream().mapToDouble(JudgedReviews.Bin::accuracy).toArray());
    for (JudgedReviews.Bin bin : bins) {
      double share = (double) bin.count() / judged.reviews().size();
      plot.dot(
          "second",
          bin.confidence(),
          bin.accuracy(),
          3 + 9 * Math.sqrt(share),
          String.format(
              Locale.ROOT,
              "%,d reviews, mean confidence %.3f, %.3f right",
              bin.count(),
              bin.confidence(),
              bin.accuracy()));
    }
    return "<figure><figcaption>"
        + title
        + " <small>(a dot's area: number of reviews)</small></figcaption>\n"
        + plot.svg()
        + "</figure>\n";
  }

  private String mostWrong() {
    List<JudgedReview> wrong = judged.mostWrong(MOST_WRONG);
    StringBuilder html = new StringBuilder("<h2>The most wrong reviews</h2>\n");
    if (wrong.isEmpty()) {
      return html.append("<p>None: every validation review was judged right.</p>\n").toString();
    }
    for (JudgedReview review : wrong) {
      html.append(
          String.format(
              Locale.ROOT,
              "<article><p><b>%s</b> judged <b>%s</b> (%.1f %%) <small>%s</small></p>\n"
                  + "<blockquote>%s</blockquote></article>\n",
              Html.escape(judged.labels().get(review.right())),
              Html.escape(judged.labels().get(review.given())),
              100 * review.confidence(),
              Html.escape(review.id()),
              Html.escape(shortened(review.text()))));
    }
    return html.toString();
  }

  /** HTML's line breaks, which reviews are full of, as such. */
  private static String shortened(String original) {
    String text = original.replaceAll("(?i)<br\\s*/?>", "\n");
    if (text.length() <= MOST_CHARACTERS) {
      return text;
    }
    int half = MOST_CHARACTERS / 2;
    return text.substring(0, half) + " […] " + text.substring(text.length() - half);
  }
}
