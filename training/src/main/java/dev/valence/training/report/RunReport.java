package dev.valence.training.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A run's {@code report.html}: one file without scripts, and without anything from elsewhere.
 *
 * @param title what is trained
 * @param facts of the run by name, its hyper-parameters for the most part
 */
public record RunReport(String title, Map<String, String> facts) {
  private static final String FILE = "report.html";

  /**
   * Writes the report; one that is there already is replaced in one step.
   *
   * @param folder of the run, which must be there
   * @param epochs at least one
   * @param judged validation reviews as they were judged after the last epoch; null for a language
   *     model
   * @throws IOException if it cannot be written
   */
  public void write(Path folder, List<EpochFigures> epochs, JudgedReviews judged)
      throws IOException {
    Path partial = folder.resolve(".partial-" + FILE);
    Files.writeString(partial, html(epochs, judged));
    Files.move(partial, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  private String html(List<EpochFigures> epochs, JudgedReviews judged) throws IOException {
    EpochFigures last = epochs.get(epochs.size() - 1);
    String figure =
        last.accuracy() == null
            ? "perplexity " + fixed("%.2f", last.perplexity())
            : "accuracy " + fixed("%.2f %%", 100 * last.accuracy());
    String body =
        String.format(
            Locale.ROOT,
            """
        <p>After epoch %d (%d steps): %s on validation.%s</p>
        <div class="charts">
        %s</div>
        <h2>Epochs</h2>
        <div class="wide">%s</div>
        %s<h2>Recipe</h2>
        <div class="wide">%s</div>
        """,
            last.epoch(),
            last.steps(),
            figure,
            last.accuracy() == null ? "" : kept(epochs),
            new EpochCharts(epochs).html(),
            epochTable(epochs),
            judged == null
                ? ""
                : "<h2>Judgements after epoch "
                    + last.epoch()
                    + "</h2>\n"
                    + new JudgementSection(judged).html(),
            factTable());
    return Html.page(title, body);
  }

  private static String kept(List<EpochFigures> epochs) {
    EpochFigures best = epochs.get(0);
    for (EpochFigures epoch : epochs) {
      boolean better =
          epoch.accuracy() > best.accuracy()
              || (epoch.accuracy().equals(best.accuracy())
                  && epoch.validationLoss() < best.validationLoss());
      best = better ? epoch : best;
    }
    return fixed(" Kept are the weights of the best epoch: %.2f %%", 100 * best.accuracy())
        + " after epoch "
        + best.epoch()
        + ".";
  }

  private static String epochTable(List<EpochFigures> epochs) {
    StringBuilder rows =
        new StringBuilder(
            "<table>\n<tr><th>epoch</th><th>steps</th><th>training loss</th>"
                + "<th>validation loss</th><th>%s</th><th>learning rate</th>"
                    .formatted(epochs.get(0).accuracy() == null ? "perplexity" : "accuracy")
                + "<th>tokens/s</th><th>minutes</th></tr>\n");
    for (EpochFigures epoch : epochs) {
      rows.append("<tr>");
      cell(rows, Integer.toString(epoch.epoch()));
      cell(rows, Long.toString(epoch.steps()));
      cell(rows, fixed("%.4f", epoch.trainingLoss()));
      cell(rows, fixed("%.4f", epoch.validationLoss()));
      cell(
          rows,
          epoch.accuracy() == null
              ? fixed("%.2f", epoch.perplexity())
              : fixed("%.2f %%", 100 * epoch.accuracy()));
      cell(rows, Figure.of(epoch.learningRate()));
      cell(rows, Long.toString(Math.round(epoch.tokensPerSecond())));
      cell(rows, fixed("%.1f", epoch.seconds() / 60));
      rows.append("</tr>\n");
    }
    return rows.append("</table>").toString();
  }

  private static String fixed(String format, double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : Figure.of(value);
  }

  private static void cell(StringBuilder rows, String text) {
    rows.append("<td>").append(Html.escape(text)).append("</td>");
  }

  private String factTable() {
    StringBuilder rows = new StringBuilder("<table class=\"facts\">\n");
    facts.forEach(
        (name, value) -> {
          rows.append("<tr><th>").append(Html.escape(name)).append("</th>");
          cell(rows, value);
          rows.append("</tr>\n");
        });
    return rows.append("</table>").toString();
  }
}
