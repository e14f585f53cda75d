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
import dev.valence.schema.WordWeight;
import dev.valence.stream.page.Verdict;
import dev.valence.text.EncodedReview;
import dev.valence.text.TextPipeline;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * A model version as the processor sees it.
 *
 * @param manifest names it and its labels
 * @param pipeline turns texts into its ids
 * @param scorer scores batches of them
 * @param pageExplainer says which words of a text moved its score, for who looks at the page
 * @param recordExplainer says it for the score's record, with as many runs as are configured
 * @param cells tells how many token positions the model computes to score reviews
 */
record ServingModel(
    ModelManifest manifest,
    TextPipeline pipeline,
    IsolatingScorer scorer,
    Function<String, List<Contribution>> pageExplainer,
    Function<String, List<Contribution>> recordExplainer,
    ToLongFunction<List<EncodedReview>> cells) {

  private static final String PROBE = "It was a good day, and not a bad one.";

  /**
   * A loaded version.
   *
   * @param shapes is told those of the batches
   * @param explainRuns how often a review is scored again to explain its score in its record
   */
  static ServingModel of(
      SentimentModel model, BatchPlanner planner, RecentShapes shapes, int explainRuns) {
    TextPipeline pipeline = model.textPipeline();
    ReviewScorer scorer = new ReviewScorer(model, planner, shapes);
    return new ServingModel(
        model.manifest(),
        pipeline,
        new IsolatingScorer(scorer::score, pipeline.encode(PROBE)),
        Explainer.withinTokens(model, planner, Explainer.DEFAULT_MAX_TOKENS)::explain,
        Explainer.withRuns(model, planner, explainRuns)::explain,
        scorer::cells);
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
    ReviewSentiment sentiment = sentiment("", result.score(), null, Instant.now());
    return new Verdict(sentiment, pageExplainer.apply(text));
  }

  /**
   * The score as it leaves.
   *
   * @param reviewId id of the review
   * @param explanation null for none
   * @param scoredAt cut to milliseconds
   */
  ReviewSentiment sentiment(
      String reviewId, Score score, List<WordWeight> explanation, Instant scoredAt) {
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
        .setExplanation(explanation)
        .build();
  }
}
