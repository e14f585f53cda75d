package dev.valence.stream;

import dev.valence.model.BatchPlanner;
import dev.valence.model.InvalidModelException;
import dev.valence.model.Leased;
import dev.valence.model.ModelLoader;
import dev.valence.model.RecentShapes;
import dev.valence.model.ReviewScorer;
import dev.valence.model.SentimentModel;
import dev.valence.text.EncodedReview;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads versions of the model and puts them to work. The first one's speed says how much work a
 * thread takes in; a later one that is too slow for its transactions is refused. For one thread at
 * a time.
 */
final class ServingModelLoader {

  private static final Logger LOG = LoggerFactory.getLogger(ServingModelLoader.class);
  private static final int MEASURED_TOKENS = 250;

  /** Enough to tell whether a version can serve at all, while another one does. */
  private static final int MEASURED_TOKENS_BESIDE = 50;

  private static final int MEASURED_REVIEWS = 32;

  private final ValenceConfig config;
  private final BatchLimits limits;
  private final RecentShapes shapes;
  private final BiFunction<SentimentModel, BatchPlanner, ServingModel> serving;
  private final StreamMetrics metrics;
  private final ModelMetrics modelMetrics;
  private final ModelLoader models;

  private WorkBudget budget;

  /**
   * @param shapes of recent batches, which a later version is warmed up with
   * @param serving puts a loaded model to work
   */
  ServingModelLoader(
      ValenceConfig config,
      BatchLimits limits,
      RecentShapes shapes,
      BiFunction<SentimentModel, BatchPlanner, ServingModel> serving,
      StreamMetrics metrics,
      ModelMetrics modelMetrics) {
    this.config = config;
    this.limits = limits;
    this.shapes = shapes;
    this.serving = serving;
    this.metrics = metrics;
    this.modelMetrics = modelMetrics;
    this.models = new ModelLoader(config.modelPrecision());
  }

  /**
   * Loads a version.
   *
   * @throws InvalidModelException if it is not sound, or too slow beside another
   */
  Leased<ServingModel> load(Path directory) {
    boolean first = budget == null;
    SentimentModel model =
        first
            ? models.load(directory, List.of())
            : models.loadBesideAnother(directory, shapes.distinct());
    ServingModel loaded;
    try {
      loaded = putToWork(model, first);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
    return new Leased<>(
        loaded,
        () -> {
          model.close();
          modelMetrics.closed();
        });
  }

  private ServingModel putToWork(SentimentModel model, boolean first) {
    metrics.expect(model.labels());
    int runTokens = Math.min(limits.maxTokens(), BatchPlanner.DEFAULT_MAX_PADDED_TOKENS);
    BatchPlanner planner = model.batchPlanner(runTokens, limits.maxReviews());
    if (first) {
      budget = measure(model, planner);
    }
    ServingModel loaded = serving.apply(model, planner);
    if (!first) {
      requireSpeed(model, loaded, planner);
    }
    return loaded;
  }

  /** What the threads may take in, by the speed of the version that was loaded first. */
  WorkBudget budget() {
    return budget;
  }

  private WorkBudget measure(SentimentModel model, BatchPlanner planner) {
    ScoringSpeed speed =
        answering(
            ScoringSpeed.measure(
                new ReviewScorer(model, planner)::score,
                telling(model, planner, MEASURED_TOKENS),
                config.kafka().threads()));
    LOG.info("Each thread scores about {} tokens a second.", Math.round(speed.tokensPerSecond()));
    return budget(speed, model);
  }

  /** What is too slow at the start is refused; so is a version that is too slow later. */
  private void requireSpeed(SentimentModel model, ServingModel loaded, BatchPlanner planner) {
    try {
      ScoringSpeed alone =
          answering(
              ScoringSpeed.measure(
                  loaded.scorer()::score, telling(model, planner, MEASURED_TOKENS_BESIDE), 1));
      budget(alone, model).requireRoom();
    } catch (StreamStartException e) {
      throw new InvalidModelException(e.getMessage(), e);
    }
  }

  private WorkBudget budget(ScoringSpeed speed, SentimentModel model) {
    return new WorkBudget(config.kafka().timeLimit(), speed, longestReview(model), explainRuns());
  }

  /** Beside the score itself: the score to explain, and the runs that explain it. */
  private ScoringSpeed answering(ScoringSpeed scoring) {
    return explainRuns() > 0 ? scoring.dividedBy(2 + explainRuns()) : scoring;
  }

  private int explainRuns() {
    return config.explainWords() > 0 ? config.explainRuns() : 0;
  }

  private static int longestReview(SentimentModel model) {
    return model.textPipeline().truncation().maxTokens() + 1;
  }

  /** Reviews as long as they can be side by side, but shortened to spare the time. */
  private static List<EncodedReview> telling(
      SentimentModel model, BatchPlanner planner, int mostTokens) {
    int longest = longestReview(model);
    int fitting = Math.max(1, planner.maxPaddedTokens() / longest);
    int sideBySide = Math.min(MEASURED_REVIEWS, Math.min(planner.maxReviews(), fitting));
    int tokens = Math.min(longest, mostTokens);
    return Collections.nCopies(
        sideBySide, new EncodedReview(new int[tokens], tokens - 1, 0, false));
  }
}
