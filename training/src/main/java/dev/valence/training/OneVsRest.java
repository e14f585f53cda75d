package dev.valence.training;

import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Logistic regressions, one a label against all others; of two labels the second alone. */
final class OneVsRest {
  private static final double COST = 1;
  private static final double TOLERANCE = 0.01;

  private OneVsRest() {}

  /**
   * Learns what tells each label from the rest.
   *
   * @param truth index of each review's label
   * @param labels number of labels, at least 2, each of which occurs
   * @param learn finds weights, given 1 for each review that has the label and 0 for others
   */
  static List<double[]> weights(int[] truth, int labels, Function<double[], double[]> learn) {
    List<double[]> weights = new ArrayList<>();
    for (int label = labels == 2 ? 1 : 0; label < labels; label++) {
      int sought = label;
      weights.add(
          learn.apply(Arrays.stream(truth).mapToDouble(is -> is == sought ? 1 : 0).toArray()));
    }
    return weights;
  }

  /**
   * Logistic regression with a quadratic penalty.
   *
   * @param problem the features of each review; what is sought is set here
   * @param is 1 for each review that has the label, else 0
   * @return a weight a feature
   */
  static double[] regression(Problem problem, double[] is) {
    problem.y = is;
    Linear.disableDebugOutput();
    Model model = Linear.train(problem, new Parameter(SolverType.L2R_LR, COST, TOLERANCE));
    // The library's weights speak for the label that it met first.
    double sign = model.getLabels()[0] == 1 ? 1 : -1;
    return Arrays.stream(model.getFeatureWeights()).map(weight -> sign * weight).toArray();
  }

  /**
   * Logarithm of each label's probability {@code [labels]}, which need not sum to 1 where there are
   * more than two.
   *
   * @param sums of the weights of each label; of two labels, the second's alone
   */
  static float[] logits(double[] sums) {
    float[] logits = new float[sums.length == 1 ? 2 : sums.length];
    for (int label = 0; label < logits.length; label++) {
      double sum = sums.length == 1 ? (label == 1 ? sums[0] : -sums[0]) : sums[label];
      // log(sigmoid(sum)) that does not overflow
      logits[label] = (float) (Math.min(sum, 0) - Math.log1p(Math.exp(-Math.abs(sum))));
    }
    return logits;
  }
}
