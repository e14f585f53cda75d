package dev.valence.stream;

import dev.valence.model.BatchPlanner;
import dev.valence.model.ModelManifest;
import dev.valence.model.ReviewScorer;
import dev.valence.model.SentimentModel;
import dev.valence.text.TextPipeline;

/**
 * The model version that serves, as the processor sees it.
 *
 * @param manifest names it and its labels
 * @param pipeline turns texts into its ids
 * @param scorer scores batches of them
 */
record ServingModel(ModelManifest manifest, TextPipeline pipeline, IsolatingScorer scorer) {

  private static final String PROBE = "It was a good day, and not a bad one.";

  static ServingModel of(SentimentModel model, BatchPlanner planner) {
    TextPipeline pipeline = model.textPipeline();
    ReviewScorer scorer = new ReviewScorer(model, planner);
    return new ServingModel(
        model.manifest(), pipeline, new IsolatingScorer(scorer::score, pipeline.encode(PROBE)));
  }
}
