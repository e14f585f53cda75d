package dev.valence.stream;

import dev.valence.model.Score;
import dev.valence.schema.WordWeight;
import dev.valence.stream.IsolatingScorer.Result;
import dev.valence.stream.ShadowScorer.Answered;
import dev.valence.text.EncodedReview;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores what the tasks of a thread collected, each review with the version that encoded it. What a
 * version on trial cannot score, the one that serves does; a trial never costs an answer. Safe for
 * use by many threads.
 */
final class BatchScorer {

  /**
   * A review, encoded.
   *
   * @param model the version that encoded it and is to score it
   * @param review what that version reads
   * @param text as it was written; null if it {@link #needsTexts needs} not be known
   */
  record Encoded(ServingModel model, EncodedReview review, String text) {}

  /**
   * What became of a review.
   *
   * @param model the version that scored it
   * @param result a score, or why there is none
   * @param explanation what moved the score; null if that is not wanted, or not known
   */
  record Scored(ServingModel model, Result result, List<WordWeight> explanation) {

    Scored(ServingModel model, Result result) {
      this(model, result, null);
    }

    private Scored explained(Explanations explanations, String text) {
      return result.score() == null
          ? this
          : new Scored(model, result, explanations.explain(model, text));
    }
  }

  private final ModelKeeper keeper;
  private final ShadowScorer shadow;
  private final StreamMetrics metrics;
  private final ModelMetrics modelMetrics;
  private final Explanations explanations;

  BatchScorer(
      ModelKeeper keeper,
      ShadowScorer shadow,
      Explanations explanations,
      StreamMetrics metrics,
      ModelMetrics modelMetrics) {
    this.keeper = keeper;
    this.shadow = shadow;
    this.explanations = explanations;
    this.metrics = metrics;
    this.modelMetrics = modelMetrics;
  }

  /** Whether the texts of reviews are needed that this version encoded. */
  boolean needsTexts(BatchModels models, ServingModel encoding) {
    return explanations.areWanted() || models.isShadowed() || encoding != models.serving();
  }

  /**
   * Scores reviews of one batch, and explains the scores if that is wanted.
   *
   * @return one result a review, in the same order
   * @throws BrokenModelException if the version that serves fails on everything
   */
  List<Scored> score(BatchModels models, List<Encoded> reviews) {
    Scored[] scored = new Scored[reviews.size()];
    models.trial().ifPresent(trial -> scoreOnTrial(trial, reviews, scored));
    ServingModel serving = models.serving();
    int[] left = IntStream.range(0, scored.length).filter(index -> scored[index] == null).toArray();
    List<EncodedReview> encoded = new ArrayList<>();
    for (int index : left) {
      Encoded next = reviews.get(index);
      encoded.add(next.model() == serving ? next.review() : serving.pipeline().encode(next.text()));
    }
    place(serving, run(serving, encoded), left, scored);
    if (explanations.areWanted()) {
      Arrays.setAll(
          scored, index -> scored[index].explained(explanations, reviews.get(index).text()));
    }
    return Arrays.asList(scored);
  }

  /** Shows a batch that was answered to the version in the shadow, if there is one. */
  void showShadow(BatchModels models, List<Encoded> reviews, List<Scored> scored) {
    if (!models.isShadowed()) {
      return;
    }
    List<Answered> answered = new ArrayList<>();
    for (int index = 0; index < scored.size(); index++) {
      Score score = scored.get(index).result().score();
      if (score != null) {
        answered.add(new Answered(reviews.get(index).text(), score));
      }
    }
    long version = models.trial().orElseThrow().manifest().version();
    shadow.offer(models.serving().manifest(), version, answered);
  }

  /** Leaves out what cannot be scored. */
  private void scoreOnTrial(ServingModel trial, List<Encoded> reviews, Scored[] scored) {
    int[] canary =
        IntStream.range(0, scored.length)
            .filter(index -> reviews.get(index).model() == trial)
            .toArray();
    try {
      List<EncodedReview> encoded =
          Arrays.stream(canary).mapToObj(index -> reviews.get(index).review()).toList();
      place(trial, run(trial, encoded), canary, scored);
    } catch (BrokenModelException e) {
      modelMetrics.trialFailed(canary.length);
      keeper.giveUp(trial.manifest().version(), e);
      return;
    }
    for (int index : canary) {
      Score score = scored[index].result().score();
      if (score == null) {
        modelMetrics.trialFailed(1);
        scored[index] = null;
      } else {
        modelMetrics.tried(false, score.label());
      }
    }
  }

  private List<Result> run(ServingModel model, List<EncodedReview> reviews) {
    if (reviews.isEmpty()) {
      return List.of();
    }
    long start = System.nanoTime();
    List<Result> results = model.scorer().score(reviews);
    long nanos = System.nanoTime() - start;
    metrics.batchScored(reviews, model.cells().applyAsLong(reviews), nanos);
    return results;
  }

  private static void place(
      ServingModel model, List<Result> results, int[] indices, Scored[] scored) {
    for (int position = 0; position < indices.length; position++) {
      scored[indices[position]] = new Scored(model, results.get(position));
    }
  }
}
