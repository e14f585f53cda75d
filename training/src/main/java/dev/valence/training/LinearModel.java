package dev.valence.training;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Problem;
import java.util.Arrays;
import java.util.List;

/**
 * Logistic regression over the n-grams that a review has, each scaled by how much more often one
 * label has it than the others (NBSVM of Wang and Manning, "Baselines and Bigrams", ACL 2012, with
 * the logistic loss). Of more than two labels each is told from the rest.
 *
 * @param ngrams that count
 * @param weights of each label {@code [ngrams + 1]}, the last one being the bias; of two labels,
 *     those of the second alone
 */
record LinearModel(Ngrams ngrams, List<double[]> weights) {
  /** An n-gram of a single review tells nothing of others. */
  private static final int LEAST_REVIEWS = 2;

  /**
   * Learns.
   *
   * @param reviews numbers of each review's tokens
   * @param truth index of each review's label
   * @param labels number of labels, at least 2, each of which occurs
   */
  static LinearModel of(List<int[]> reviews, int[] truth, int labels) {
    Ngrams ngrams = Ngrams.of(reviews, LEAST_REVIEWS);
    List<int[]> found = reviews.parallelStream().map(ngrams::in).toList();
    Problem problem = problem(found, ngrams.size());
    return new LinearModel(
        ngrams, OneVsRest.weights(truth, labels, is -> weights(problem, found, is)));
  }

  private static Problem problem(List<int[]> found, int ngrams) {
    Problem problem = new Problem();
    problem.l = found.size();
    problem.n = ngrams + 1;
    problem.bias = 1;
    problem.x =
        found.stream()
            .map(
                indices -> {
                  Feature[] features = new Feature[indices.length + 1];
                  for (int i = 0; i < indices.length; i++) {
                    features[i] = new FeatureNode(indices[i] + 1, 1);
                  }
                  features[indices.length] = new FeatureNode(ngrams + 1, 1);
                  return features;
                })
            .toArray(Feature[][]::new);
    return problem;
  }

  /**
   * @param is 1 for the reviews that have the label, else 0
   */
  private static double[] weights(Problem problem, List<int[]> found, double[] is) {
    double[] ratios = ratios(found, is, problem.n - 1);
    for (Feature[] review : problem.x) {
      for (int i = 0; i < review.length - 1; i++) {
        review[i].setValue(ratios[review[i].getIndex() - 1]);
      }
    }
    double[] weights = OneVsRest.regression(problem, is);
    for (int i = 0; i < ratios.length; i++) {
      weights[i] *= ratios[i];
    }
    return weights;
  }

  /** Logarithm of how much likelier each n-gram is with the label than without, smoothed by 1. */
  private static double[] ratios(List<int[]> found, double[] is, int ngrams) {
    double[][] counts = new double[2][ngrams];
    Arrays.fill(counts[0], 1);
    Arrays.fill(counts[1], 1);
    for (int review = 0; review < is.length; review++) {
      for (int index : found.get(review)) {
        counts[(int) is[review]][index]++;
      }
    }
    double shift = Math.log(Arrays.stream(counts[0]).sum() / Arrays.stream(counts[1]).sum());
    double[] ratios = new double[ngrams];
    for (int index = 0; index < ngrams; index++) {
      ratios[index] = Math.log(counts[1][index] / counts[0][index]) + shift;
    }
    return ratios;
  }

  /**
   * Logarithm of each label's probability {@code [labels]}, which need not sum to 1 where there are
   * more than two.
   *
   * @param review numbers of its tokens
   */
  float[] logits(int[] review) {
    int[] indices = ngrams.in(review);
    return OneVsRest.logits(weights.stream().mapToDouble(of -> sum(of, indices)).toArray());
  }

  private double sum(double[] weights, int[] indices) {
    double sum = weights[ngrams.size()];
    for (int index : indices) {
      sum += weights[index];
    }
    return sum;
  }
}
