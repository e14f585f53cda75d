package dev.valence.cli;

import dev.valence.training.Evaluation;
import dev.valence.training.ModelEvaluation;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints what a model makes of labelled reviews, for people. */
final class EvaluationTable {
  private static final int LEAST_WIDTH = 10;

  private final PrintWriter out;
  private final List<String> labels;
  private final int width;

  /**
   * @param labels the model's, in the order of the confusion
   */
  EvaluationTable(PrintWriter out, List<String> labels) {
    this.out = out;
    this.labels = labels;
    this.width = Math.max(LEAST_WIDTH, labels.stream().mapToInt(String::length).max().orElse(0));
  }

  void print(ModelEvaluation evaluation) {
    line("%-18s %,10d", "reviews", evaluation.overall().reviews());
    evaluation.figures().forEach((figure, value) -> line("%-18s %10.4f", figure, value));
    printLabels(evaluation.overall().byLabel());
    printConfusion(evaluation.overall().confusion());
    printSlices("by tokens", evaluation.byLength());
    printSlices("by confidence", evaluation.byConfidence());
  }

  private void printLabels(List<Evaluation.OfLabel> byLabel) {
    line("");
    line("%-18s %10s %10s %10s %10s", "by label", "reviews", "precision", "recall", "f1");
    for (int label = 0; label < labels.size(); label++) {
      Evaluation.OfLabel of = byLabel.get(label);
      line(
          "%-18s %,10d %s %s %s",
          labels.get(label), of.reviews(), cell(of.precision()), cell(of.recall()), cell(of.f1()));
    }
  }

  private void printConfusion(int[][] confusion) {
    line("");
    StringBuilder header = new StringBuilder("%-18s".formatted("judged"));
    labels.forEach(label -> header.append(" ").append(padded(label)));
    line("%s", header);
    for (int right = 0; right < labels.size(); right++) {
      StringBuilder row = new StringBuilder("%-18s".formatted("is " + labels.get(right)));
      for (int count : confusion[right]) {
        row.append(" ").append(padded(String.format(Locale.ROOT, "%,d", count)));
      }
      line("%s", row);
    }
  }

  private void printSlices(String title, List<ModelEvaluation.Slice> slices) {
    line("");
    line("%-18s %10s %10s %10s", title, "reviews", "accuracy", "confidence");
    for (ModelEvaluation.Slice slice : slices) {
      line(
          "%-18s %,10d %s %s",
          slice.range(), slice.reviews(), cell(slice.accuracy()), cell(slice.confidence()));
    }
  }

  private String padded(String text) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  private static String cell(double value) {
    return Double.isNaN(value)
        ? String.format("%10s", "-")
        : String.format(Locale.ROOT, "%10.4f", value);
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
