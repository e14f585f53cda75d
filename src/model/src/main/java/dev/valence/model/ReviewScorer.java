package dev.valence.model;

import dev.valence.text.EncodedReview;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Scores reviews in planned batches and hands the scores back in the order in which the reviews
 * came. Safe for several threads; the batches of one call run one after the other in the caller's
 * thread.
 */
public final class ReviewScorer {

  private final SentimentModel model;
  private final BatchPlanner planner;
  private final RecentShapes shapes;

  /**
   * @param model scores the batches; stays the caller's to close
   * @param planner decides which reviews share a batch
   */
  public ReviewScorer(SentimentModel model, BatchPlanner planner) {
    this(model, planner, new RecentShapes(1));
  }

  /**
   * @param model scores the batches; stays the caller's to close
   * @param planner decides which reviews share a batch
   * @param shapes is told the shape of each batch
   */
  public ReviewScorer(SentimentModel model, BatchPlanner planner, RecentShapes shapes) {
    this.model = Objects.requireNonNull(model, "model");
    this.planner = Objects.requireNonNull(planner, "planner");
    this.shapes = Objects.requireNonNull(shapes, "shapes");
  }

  /**
   * Scores reviews. One without tokens is not shown to the model: it is {@link Score#UNCERTAIN}
   * with equal probabilities. So is one whose highest probability is below the manifest's
   * abstention threshold, with its own probabilities.
   *
   * @param reviews encoded by the model's own text pipeline
   * @return one score a review, in the same order
   * @throws IllegalArgumentException if a review has an id outside of the model's vocabulary
   * @throws IllegalStateException if the model gives a probability that is not a number, or is
   *     closed
   */
  public List<Score> score(List<EncodedReview> reviews) {
    Score[] scores = new Score[reviews.size()];
    int[] worded =
        IntStream.range(0, scores.length)
            .filter(index -> reviews.get(index).tokens() > 0)
            .toArray();
    int[] lengths = Arrays.stream(worded).map(index -> reviews.get(index).ids().length).toArray();
    for (int[] batch : planner.plan(lengths)) {
      int[] indices = Arrays.stream(batch).map(position -> worded[position]).toArray();
      int[][] ids =
          Arrays.stream(indices).mapToObj(index -> reviews.get(index).ids()).toArray(int[][]::new);
      shapes.add(new BatchShape(ids[0].length, ids.length));
      float[][] probabilities = model.probabilities(ids);
      for (int row = 0; row < indices.length; row++) {
        scores[indices[row]] = score(reviews.get(indices[row]), probabilities[row]);
      }
    }
    for (int index = 0; index < scores.length; index++) {
      if (scores[index] == null) {
        scores[index] = withoutWords(reviews.get(index));
      }
    }
    return List.of(scores);
  }

  /**
   * Token positions that the model computes to score reviews: theirs and the padding.
   *
   * @param reviews encoded by the model's own text pipeline
   */
  public long cells(List<EncodedReview> reviews) {
    int[] lengths =
        reviews.stream()
            .filter(review -> review.tokens() > 0)
            .mapToInt(review -> review.ids().length)
            .toArray();
    return planner.plan(lengths).stream()
        .mapToLong(batch -> model.cells(Arrays.stream(batch).map(i -> lengths[i]).toArray()))
        .sum();
  }

  private Score score(EncodedReview review, float[] probabilities) {
    int best = 0;
    for (int label = 0; label < probabilities.length; label++) {
      if (!Float.isFinite(probabilities[label])) {
        throw new IllegalStateException(
            "model "
                + model.manifest().modelName()
                + " version "
                + model.manifest().version()
                + " gave the probability "
                + probabilities[label]
                + " for a review of "
                + review.tokens()
                + " tokens");
      }
      if (probabilities[label] > probabilities[best]) {
        best = label;
      }
    }
    boolean abstains = probabilities[best] < model.manifest().abstentionThreshold();
    return scored(review, abstains ? Score.UNCERTAIN : model.labels().get(best), probabilities);
  }

  private Score withoutWords(EncodedReview review) {
    float[] equal = new float[model.labels().size()];
    Arrays.fill(equal, 1f / equal.length);
    return scored(review, Score.UNCERTAIN, equal);
  }

  private static Score scored(EncodedReview review, String label, float[] probabilities) {
    return new Score(
        label, probabilities, review.tokens(), review.unknownTokens(), review.truncated());
  }
}
