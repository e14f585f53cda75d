package dev.valence.training.report;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** How the figures went from epoch to epoch. */
final class EpochCharts {
  private final List<EpochFigures> epochs;

  /** One line of a chart, styled by its class. */
  private record Line(String name, String style, ToDoubleFunction<EpochFigures> value) {}

  EpochCharts(List<EpochFigures> epochs) {
    this.epochs = epochs;
  }

  /** One figure element a chart. */
  String html() {
    Line training = new Line("training", "first", EpochFigures::trainingLoss);
    Line validation = new Line("validation", "second", EpochFigures::validationLoss);
    StringBuilder html = new StringBuilder();
    html.append(chart("Loss in nats", List.of(training, validation)));
    if (epochs.get(0).perplexity() != null) {
      html.append(
          chart(
              "Perplexity on validation text",
              List.of(new Line("perplexity", "second", EpochFigures::perplexity))));
    }
    if (epochs.get(0).accuracy() != null) {
      html.append(
          chart(
              "Accuracy on validation reviews",
              List.of(new Line("accuracy", "second", EpochFigures::accuracy))));
    }
    html.append(
        chart(
            "Learning rate in the middle of the epoch",
            List.of(new Line("learning rate", "first", EpochFigures::learningRate))));
    return html.toString();
  }

  private String chart(String title, List<Line> lines) {
    Axis x = Axis.counting("epoch", epochs.stream().mapToDouble(EpochFigures::epoch));
    Axis y =
        Axis.linear(
            title,
            lines.stream().flatMapToDouble(line -> epochs.stream().mapToDouble(line.value())));
    Plot plot = new Plot(title, x, y);
    double[] xs = epochs.stream().mapToDouble(EpochFigures::epoch).toArray();
    for (Line line : lines) {
      double[] ys = epochs.stream().mapToDouble(line.value()).toArray();
      plot.path(line.style(), xs, ys);
      for (int i = 0; i < xs.length; i++) {
        if (Double.isFinite(ys[i])) {
          String more = "epoch " + (int) xs[i] + ": " + line.name() + " " + Figure.of(ys[i]);
          plot.dot(line.style(), xs[i], ys[i], 3.5, more);
        }
      }
    }
    return "<figure><figcaption>"
        + Html.escape(title)
        + (lines.size() > 1 ? legend(lines) : "")
        + "</figcaption>\n"
        + plot.svg()
        + "</figure>\n";
  }

  private static String legend(List<Line> lines) {
    StringBuilder legend = new StringBuilder();
    for (Line line : lines) {
      legend.append(
          " <span class=\"key %s\"></span>%s".formatted(line.style(), Html.escape(line.name())));
    }
    return legend.toString();
  }
}
