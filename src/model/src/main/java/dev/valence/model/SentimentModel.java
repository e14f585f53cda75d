package dev.valence.model;

import dev.valence.text.TextPipeline;
import java.nio.file.Path;
import java.util.List;

/**
 * A version of a model that has proved itself: its files match its manifest, its vocabulary and
 * labels match its graph, and its golden reviews get the scores they got when it was exported.
 * Threads share one, each running batches of its own.
 */
public final class SentimentModel implements AutoCloseable {

  /**
   * With long reviews in full batches as well, and twice as many in each, int8 is 17 % faster and
   * fp32 11 % (held-out reviews of IMDB, one busy core).
   */
  private static final BatchPlanner IN_CHUNKS = new BatchPlanner(Integer.MAX_VALUE, 128);

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
   * @param concurrentCallers positive; how many threads will call {@link #probabilities} at the
   *     same time
   * @return a model that is ready to serve; to be closed
   * @throws InvalidModelException if the directory is not a model, or one that is damaged or does
   *     not fit together
   * @throws IllegalArgumentException if {@code concurrentCallers} is not positive
   */
  public static SentimentModel load(Path versionDirectory, int concurrentCallers) {
    return load(versionDirectory, concurrentCallers, Precision.AUTO, List.of());
  }

  /**
   * Loads, verifies and warms up a model.
   *
   * @param versionDirectory the model's directory; if its name is a number, that is its version
   * @param concurrentCallers positive; how many threads will call {@link #probabilities} at the
   *     same time
   * @param precision how it is to compute
   * @param shapes batches that it is to score; the largest are warmed up at, up to the work of one
   *     full batch
   * @return a model that is ready to serve; to be closed
   * @throws InvalidModelException if the directory is not a model, or one that is damaged or does
   *     not fit together
   * @throws IllegalArgumentException if {@code concurrentCallers} is not positive
   */
  public static SentimentModel load(
      Path versionDirectory, int concurrentCallers, Precision precision, List<BatchShape> shapes) {
    return new ModelLoader(concurrentCallers, precision).load(versionDirectory, shapes);
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
   * Batches that score many reviews the fastest. Where the model reads in chunks, a batch takes no
   * more memory for being long, so that only the number of reviews is limited.
   */
  public BatchPlanner batchPlanner() {
    return graph.readsInChunks() ? IN_CHUNKS : new BatchPlanner();
  }

  /** Names of the classes, in the order of their probabilities. */
  public List<String> labels() {
    return manifest.labels();
  }

  /**
   * Scores one batch, padded to its longest review; safe for several threads.
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

  /** Waits for running batches, then gives TensorFlow's memory back. */
  @Override
  public void close() {
    graph.close();
  }
}
