package dev.valence.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How well probabilities agree with what people judged.
 *
 * @param reviews number of reviews
 * @param accuracy part whose most probable label is the right one
 * @param macroF1 mean F1 of the labels that occur or were given
 * @param logLoss mean negative logarithm of the right label's probability, in nats
 * @param calibrationError expected calibration error over 15 bins of equal width (Guo et al., ICML
 *     2017)
 * @param auc area under the receiver operating characteristic: of the second label where there are
 *     two, else the mean over the labels, each against the rest; labels that all or none of the
 *     reviews have are left out, NaN if no other is left
 * @param confusion reviews by {@code [right label][given label]}
 */
public record Evaluation(
    int reviews,
    double accuracy,
    double macroF1,
    double logLoss,
    double calibrationError,
    double auc,
    int[][] confusion) {
  private static final int BINS = 15;
  private static final double LEAST = 1e-7;

  /**
   * Compares.
   *
   * @param probabilities {@code [review][label]}
   * @param truth index of each review's label
   * @throws TrainingException if there is no review
   */
  public static Evaluation of(float[][] probabilities, int[] truth) {
    if (truth.length == 0) {
      throw new TrainingException(
          "there is no labelled review to evaluate on. Add some, or raise the validation share.");
    }
    int labels = probabilities[0].length;
    int[][] confusion = new int[labels][labels];
    double logLoss = 0;
    double[] confidence = new double[BINS];
    double[] right = new double[BINS];
    for (int i = 0; i < truth.length; i++) {
      int best = mostProbable(probabilities[i]);
      confusion[truth[i]][best]++;
      logLoss -= Math.log(Math.max(LEAST, probabilities[i][truth[i]]));
      int bin = Math.min(BINS - 1, (int) (probabilities[i][best] * BINS));
      confidence[bin] += probabilities[i][best];
      right[bin] += best == truth[i] ? 1 : 0;
    }
    double calibration = 0;
    for (int bin = 0; bin < BINS; bin++) {
      calibration += Math.abs(confidence[bin] - right[bin]) / truth.length;
    }
    int correct = 0;
    for (int label = 0; label < labels; label++) {
      correct += confusion[label][label];
    }
    return new Evaluation(
        truth.length,
        (double) correct / truth.length,
        macroF1(confusion),
        logLoss / truth.length,
        calibration,
        IntStream.range(labels == 2 ? 1 : 0, labels)
            .mapToDouble(label -> auc(probabilities, truth, label))
            .filter(Double::isFinite)
            .average()
            .orElse(Double.NaN),
        confusion);
  }

  /**
   * How one label fared.
   *
   * @param reviews number of reviews that have it
   * @param precision part of those it was given to that have it; NaN if it was never given
   * @param recall part of those that have it that it was given to; NaN if none has it
   * @param f1 harmonic mean of both; NaN if it neither occurs nor was given
   */
  public record OfLabel(int reviews, double precision, double recall, double f1) {}

  /** How each label fared, by its index. */
  public List<OfLabel> byLabel() {
    return IntStream.range(0, confusion.length)
        .mapToObj(label -> ofLabel(confusion, label))
        .toList();
  }

  /** Index of the greatest; of equals, the first. */
  static int mostProbable(float[] probabilities) {
    int best = 0;
    for (int label = 1; label < probabilities.length; label++) {
      if (probabilities[label] > probabilities[best]) {
        best = label;
      }
    }
    return best;
  }

  /** The figures by name; those that are not defined are left out. */
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("accuracy", accuracy);
    figures.put("macro_f1", macroF1);
    figures.put("log_loss", logLoss);
    figures.put("calibration_error", calibrationError);
    if (!Double.isNaN(auc)) {
      figures.put("auc", auc);
    }
    return figures;
  }

  private static OfLabel ofLabel(int[][] confusion, int label) {
    int given = 0;
    int present = 0;
    for (int other = 0; other < confusion.length; other++) {
      given += confusion[other][label];
      present += confusion[label][other];
    }
    double right = confusion[label][label];
    return new OfLabel(present, right / given, right / present, 2 * right / (given + present));
  }

  private static double macroF1(int[][] confusion) {
    return IntStream.range(0, confusion.length)
        .mapToDouble(label -> ofLabel(confusion, label).f1())
        .filter(Double::isFinite)
        .average()
        .orElseThrow();
  }

  /** Mann and Whitney's statistic, ties counted half. */
  private static double auc(float[][] probabilities, int[] truth, int label) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < truth.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(i -> probabilities[i][label]));
    double ranks = 0;
    long positives = 0;
    for (int i = 0; i < order.size(); ) {
      int end = i;
      while (end < order.size()
          // Not ==, to which NaN, from weights that diverged, is no tie, not even of itself.
          && Float.compare(probabilities[order.get(end)][label], probabilities[order.get(i)][label])
              == 0) {
        end++;
      }
      for (int j = i; j < end; j++) {
        if (truth[order.get(j)] == label) {
          ranks += (i + 1 + end) / 2.0;
          positives++;
        }
      }
      i = end;
    }
    long negatives = truth.length - positives;
    return positives == 0 || negatives == 0
        ? Double.NaN
        : (ranks - positives * (positives + 1) / 2.0) / (positives * (double) negatives);
  }
}
