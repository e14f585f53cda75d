package dev.valence.stream;

import dev.valence.model.BatchPlanner;
import dev.valence.model.ModelManifest;
import dev.valence.model.RecentShapes;
import dev.valence.model.ReviewScorer;
import dev.valence.model.Score;
import dev.valence.model.SentimentModel;
import dev.valence.schema.ReviewSentiment;
import dev.valence.text.TextPipeline;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model version as the processor sees it.
 *
 * @param manifest names it and its labels
 * @param pipeline turns texts into its ids
 * @param scorer scores batches of them
 */
record ServingModel(ModelManifest manifest, TextPipeline pipeline, IsolatingScorer scorer) {

  private static final String PROBE = "It was a good day, and not a bad one.";

  static ServingModel of(SentimentModel model, BatchPlanner planner) {
    return of(model, planner, new RecentShapes(1));
  }

  /** The same, and tells the shapes of the batches. */
  static ServingModel of(SentimentModel model, BatchPlanner planner, RecentShapes shapes) {
    TextPipeline pipeline = model.textPipeline();
    ReviewScorer scorer = new ReviewScorer(model, planner, shapes);
    return new ServingModel(
        model.manifest(), pipeline, new IsolatingScorer(scorer::score, pipeline.encode(PROBE)));
  }

  /**
   * The score as it leaves.
   *
   * @param reviewId id of the review
   * @param scoredAt cut to milliseconds
   */
  ReviewSentiment sentiment(String reviewId, Score score, Instant scoredAt) {
    Map<String, Float> probabilities = new LinkedHashMap<>();
    for (int label = 0; label < manifest.labels().size(); label++) {
      probabilities.put(manifest.labels().get(label), score.probabilities()[label]);
    }
    return ReviewSentiment.newBuilder()
        .setReviewId(reviewId)
        .setLabel(score.label())
        .setProbabilities(probabilities)
        .setModelName(manifest.modelName())
        .setModelVersion(manifest.version())
        .setTokens(score.tokens())
        .setUnknownTokens(score.unknownTokens())
        .setTruncated(score.truncated())
        .setScoredAt(scoredAt.truncatedTo(ChronoUnit.MILLIS))
        .build();
  }
}
