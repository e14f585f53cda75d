package dev.valence.model;

import dev.valence.text.TextPipeline;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A version of a model that has proved itself: its files match its manifest, its vocabulary and
 * labels match its graph, and its golden reviews get the scores they got when it was exported.
 * Threads share one, each running batches of its own.
 */
public final class SentimentModel implements AutoCloseable {

  /**
   * Of many reviews, some are read side by side, and the next take the places of those that have
   * ended; the more there are, the less the end counts, when few are left.
   */
  private static final BatchPlanner IN_CHUNKS =
      new BatchPlanner(Integer.MAX_VALUE, 8 * ChunkSeats.MOST);

  private final ModelManifest manifest;
  private final TextPipeline textPipeline;
  private final Precision precision;
  private final ServingGraph graph;

  SentimentModel(
      ModelManifest manifest, TextPipeline textPipeline, Precision precision, ServingGraph graph) {
    this.manifest = manifest;
    this.textPipeline = textPipeline;
    this.precision = precision;
    this.graph = graph;
  }

  /**
   * Loads, verifies and warms up a model, in the precision that is fastest here.
   *
   * @param versionDirectory the model's directory; if its name is a number, that is its version
   * @return a model that is ready to serve; to be closed
   * @throws InvalidModelException if the directory is not a model, or one that is damaged or does
   *     not fit together
   */
  public static SentimentModel load(Path versionDirectory) {
    return load(versionDirectory, Precision.AUTO, List.of());
  }

  /**
   * Loads, verifies and warms up a model.
   *
   * @param versionDirectory the model's directory; if its name is a number, that is its version
   * @param precision how it is to compute
   * @param shapes batches that it is to score; the largest are warmed up at, up to the work of one
   *     full batch
   * @return a model that is ready to serve; to be closed
   * @throws InvalidModelException if the directory is not a model, or one that is damaged or does
   *     not fit together
   */
  public static SentimentModel load(
      Path versionDirectory, Precision precision, List<BatchShape> shapes) {
    return new ModelLoader(precision).load(versionDirectory, shapes);
  }

  /**
   * What a model can compute with, without loading it.
   *
   * @param versionDirectory the model's directory
   * @return {@link Precision#FP32}, and {@link Precision#INT8} if it brings a graph for it
   */
  public static Set<Precision> precisions(Path versionDirectory) {
    return new SavedModelFile(versionDirectory).precisions();
  }

  /** What the model says about itself. */
  public ModelManifest manifest() {
    return manifest;
  }

  /** Turns a review into the ids that this model was trained on. */
  public TextPipeline textPipeline() {
    return textPipeline;
  }

  /** How it computes; not {@link Precision#AUTO}. */
  public Precision precision() {
    return precision;
  }

  /**
   * Batches that score many reviews the fastest. Where the model reads in chunks, a batch takes
   * hardly more memory for being long or of many reviews.
   */
  public BatchPlanner batchPlanner() {
    return graph.readsInChunks() ? IN_CHUNKS : new BatchPlanner();
  }

  /**
   * The same within other limits. Where the model reads in chunks, tokens need none.
   *
   * @param mostTokens positive; of one run of a model that reads whole reviews, padding included
   * @param mostReviews positive; of one run
   */
  public BatchPlanner batchPlanner(int mostTokens, int mostReviews) {
    BatchPlanner best = batchPlanner();
    return new BatchPlanner(
        graph.readsInChunks() ? best.maxPaddedTokens() : mostTokens,
        Math.min(best.maxReviews(), mostReviews));
  }

  /**
   * Token positions that are computed to score a batch: those of its reviews and the padding.
   *
   * @param lengths tokens of each review, positive
   */
  public long cells(int[] lengths) {
    return graph.cells(lengths);
  }

  /** Names of the classes, in the order of their probabilities. */
  public List<String> labels() {
    return manifest.labels();
  }

  /**
   * Scores one batch in the thread that calls; safe for several.
   *
   * @param tokenIds ids of each review as {@link TextPipeline#encode} gives them, none of them
   *     empty: [batch][its length]
   * @return calibrated probabilities: [batch][labels]
   * @throws IllegalArgumentException if a review is empty or has an id outside of the vocabulary
   * @throws IllegalStateException if the model is closed
   */
  public float[][] probabilities(int[][] tokenIds) {
    return graph.probabilities(tokenIds);
  }

  /**
   * Gives TensorFlow's memory back. A batch that runs may fail with an {@link
   * IllegalStateException}: whoever scores at the same time counts its users first.
   */
  @Override
  public void close() {
    graph.close();
  }
}
