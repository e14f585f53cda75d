package dev.valence.training;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Judges reviews by vectors that are learned from all of them, judged or not, and by a logistic
 * regression from the vectors of the judged ones. What a word means it learns from reviews that
 * nobody judged, which a linear model of the words cannot.
 */
public final class VectorTeacher {
  /** A run of words in fewer reviews learns no vector worth having. */
  private static final int LEAST_REVIEWS = 8;

  private final Progress progress;

  public VectorTeacher(Progress progress) {
    this.progress = progress;
  }

  /**
   * Learns, calibrates and judges. The vectors are learned from all reviews given, their labels are
   * read of those to learn alone.
   *
   * @param training reviews to learn; those without a label help to learn the vectors
   * @param validation reviews to calibrate by; those without a label to learn are passed over
   * @param reviews to judge, labelled or not
   * @throws TrainingException if the labels do not make a task, no labelled review is held out, or
   *     there is no review to judge
   */
  public Judged judge(Corpus training, Corpus validation, Corpus reviews) {
    Lesson lesson =
        Lesson.of(training, validation, reviews, training.unlabelled().without(reviews));
    Ngrams ngrams = Ngrams.of(lesson.texts(), LEAST_REVIEWS);
    progress.line(
        String.format(
            Locale.ROOT, "%,d n-grams of %,d reviews", ngrams.size(), lesson.texts().size()));
    List<int[]> found = lesson.texts().parallelStream().map(ngrams::in).toList();
    float[][] vectors = new ReviewVectors(ngrams.size(), progress).learn(found);

    int learned = lesson.learned().length;
    Problem problem = new Problem();
    problem.l = learned;
    problem.n = ReviewVectors.SIZE + 1;
    problem.bias = 1;
    problem.x =
        Arrays.stream(vectors, 0, learned).map(VectorTeacher::features).toArray(Feature[][]::new);
    List<double[]> weights =
        OneVsRest.weights(
            lesson.learned(), lesson.labels().size(), is -> OneVsRest.regression(problem, is));
    return lesson.judged(
        Arrays.stream(vectors, learned, learned + lesson.ids().size())
            .map(vector -> logits(weights, vector))
            .toArray(float[][]::new));
  }

  private static Feature[] features(float[] vector) {
    Feature[] features = new Feature[vector.length + 1];
    for (int i = 0; i < vector.length; i++) {
      features[i] = new FeatureNode(i + 1, vector[i]);
    }
    features[vector.length] = new FeatureNode(vector.length + 1, 1);
    return features;
  }

  /** The last weight is the bias. */
  private static float[] logits(List<double[]> weights, float[] vector) {
    double[] sums = new double[weights.size()];
    for (int label = 0; label < sums.length; label++) {
      double[] ofLabel = weights.get(label);
      sums[label] = ofLabel[vector.length];
      for (int i = 0; i < vector.length; i++) {
        sums[label] += ofLabel[i] * vector[i];
      }
    }
    return OneVsRest.logits(sums);
  }
}
