package dev.valence.bench;

import dev.valence.training.report.Axis;
import dev.valence.training.report.Html;
import dev.valence.training.report.Plot;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Draws how Valence grows, into one file without scripts and without anything from elsewhere.
 *
 * @param machine that it was measured on
 * @param model name and version
 * @param series curves
 */
record GrowthReport(Machine machine, String model, List<Growth.Series> series) {

  String html() throws IOException {
    StringBuilder charts = new StringBuilder();
    for (Growth.Series one : series) {
      charts.append("<h2>").append(Html.escape(one.title())).append("</h2>\n");
      charts.append("<div class=\"charts\">\n");
      charts.append(chart(one, "tokens/s", Figures::tokensPerSecond));
      charts.append(chart(one, "reviews/s", Figures::reviewsPerSecond));
      charts.append(chart(one, "resident MiB", figures -> figures.residentMebibytes()));
      charts.append("</div>\n");
    }
    return Html.page("How Valence grows", "<p>" + Html.escape(circumstances()) + "</p>\n" + charts);
  }

  private String circumstances() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %s, Java %s, %s. Model %s, %s.",
        machine.processor(),
        machine.cores(),
        machine.system(),
        machine.java(),
        machine.date(),
        model,
        series.get(0).points().get(0).figures().precision());
  }

  private static String chart(Growth.Series series, String unit, ToDoubleFunction<Figures> figure) {
    double[] xs = series.points().stream().mapToDouble(Growth.Point::at).toArray();
    double[] ys =
        series.points().stream()
            .mapToDouble(point -> figure.applyAsDouble(point.figures()))
            .toArray();
    String title = unit + " by " + series.unit();
    boolean wide = xs[xs.length - 1] > 8 * xs[0];
    Axis x =
        wide
            ? Axis.logarithmic(series.unit(), DoubleStream.of(xs))
            : Axis.linear(series.unit(), DoubleStream.of(xs));
    Axis y = Axis.linear(unit, DoubleStream.concat(DoubleStream.of(0), DoubleStream.of(ys)));
    Plot plot = new Plot(title, x, y).path("first", xs, ys);
    for (int i = 0; i < xs.length; i++) {
      plot.dot(
          "first",
          xs[i],
          ys[i],
          4,
          String.format(Locale.ROOT, "%,.0f %s at %,.0f", ys[i], unit, xs[i]));
    }
    return "<figure><figcaption>"
        + Html.escape(title)
        + "</figcaption>\n"
        + plot.svg()
        + "</figure>\n";
  }

  /** The points as tables. */
  String markdown() {
    StringBuilder text = new StringBuilder(circumstances()).append('\n');
    for (Growth.Series one : series) {
      text.append("\n").append(one.title()).append("\n\n");
      text.append("| ").append(one.unit()).append(" | tokens/s | reviews/s | padding | MiB |\n");
      text.append("|---:|---:|---:|---:|---:|\n");
      for (Growth.Point point : one.points()) {
        Figures figures = point.figures();
        text.append(
            String.format(
                Locale.ROOT,
                "| %,.0f | %,.0f | %,.0f | %s | %d |%n",
                point.at(),
                figures.tokensPerSecond(),
                figures.reviewsPerSecond(),
                figures.paddingRatio() == null
                    ? ""
                    : String.format(Locale.ROOT, "%.1f %%", 100 * figures.paddingRatio()),
                figures.residentMebibytes()));
      }
    }
    return text.toString();
  }
}
