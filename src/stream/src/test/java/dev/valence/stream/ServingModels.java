package dev.valence.stream;

import dev.valence.model.BatchPlanner;
import dev.valence.model.ModelManifest;
import dev.valence.model.RecentShapes;
import dev.valence.model.SentimentModel;
import dev.valence.text.TextPipeline;
import java.util.List;

/** Versions to serve with in tests. */
final class ServingModels {

  private ServingModels() {}

  /** Scores and explains as a processor does by default. */
  static ServingModel of(SentimentModel model, BatchPlanner planner) {
    return ServingModel.of(model, planner, new RecentShapes(1), ScoringKeys.DEFAULT_EXPLAIN_RUNS);
  }

  /** Scores only: explains nothing, and pads nothing. */
  static ServingModel scoring(
      ModelManifest manifest, TextPipeline pipeline, IsolatingScorer scorer) {
    return new ServingModel(
        manifest,
        pipeline,
        scorer,
        text -> List.of(),
        text -> List.of(),
        reviews -> reviews.stream().mapToLong(review -> review.ids().length).sum());
  }
}
