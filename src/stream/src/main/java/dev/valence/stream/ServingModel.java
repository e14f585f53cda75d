package dev.valence.stream;

import dev.valence.model.BatchPlanner;
import dev.valence.model.Contribution;
import dev.valence.model.Explainer;
import dev.valence.model.ModelManifest;
import dev.valence.model.RecentShapes;
import dev.valence.model.ReviewScorer;
import dev.valence.model.Score;
import dev.valence.model.SentimentModel;
import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.page.Verdict;
import dev.valence.text.TextPipeline;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A model version as the processor sees it.
 *
 * @param manifest names it and its labels
 * @param pipeline turns texts into its ids
 * @param scorer scores batches of them
 * @param explainer says which words of a text moved its score
 */
record ServingModel(
    ModelManifest manifest,
    TextPipeline pipeline,
    IsolatingScorer scorer,
    Function<String, List<Contribution>> explainer) {

  private static final String PROBE = "It was a good day, and not a bad one.";

  /** Scores only, and explains nothing. */
  ServingModel(ModelManifest manifest, TextPipeline pipeline, IsolatingScorer scorer) {
    this(manifest, pipeline, scorer, text -> List.of());
  }

  static ServingModel of(SentimentModel model, BatchPlanner planner) {
    return of(model, planner, new RecentShapes(1));
  }

  /** The same, and tells the shapes of the batches. */
  static ServingModel of(SentimentModel model, BatchPlanner planner, RecentShapes shapes) {
    TextPipeline pipeline = model.textPipeline();
    ReviewScorer scorer = new ReviewScorer(model, planner, shapes);
    return new ServingModel(
        model.manifest(),
        pipeline,
        new IsolatingScorer(scorer::score, pipeline.encode(PROBE)),
        new Explainer(model, planner, Explainer.DEFAULT_MAX_TOKENS)::explain);
  }

  /**
   * Scores and explains a text that is on no topic.
   *
   * @throws RuntimeException if the text breaks the model
   */
  Verdict judge(String text) {
    IsolatingScorer.Result result = scorer.score(List.of(pipeline.encode(text))).get(0);
    if (result.failure() != null) {
      throw result.failure();
    }
    ReviewSentiment sentiment = sentiment("", result.score(), Instant.now());
    return new Verdict(sentiment, explainer.apply(text));
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
