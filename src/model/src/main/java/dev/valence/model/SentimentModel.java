package dev.valence.model;

import dev.valence.text.TextPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A version of a model that has proved itself: its files match its manifest, its vocabulary and
 * labels match its graph, and its golden reviews get the scores they got when it was exported.
 * Threads share one, each running batches of its own.
 */
public final class SentimentModel implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SentimentModel.class);

  /** Timings of each precision; the best of them counts. */
  private static final int TRIALS = 3;

  /**
   * With long reviews in full batches as well, and twice as many in each, int8 is 17 % faster and
   * fp32 11 % (held-out reviews of IMDB, one busy core).
   */
  private static final BatchPlanner IN_CHUNKS = new BatchPlanner(Integer.MAX_VALUE, 128);

  private static final BatchShape FULL_BATCH =
      new BatchShape(
          BatchPlanner.DEFAULT_MAX_PADDED_TOKENS / BatchPlanner.DEFAULT_MAX_REVIEWS,
          BatchPlanner.DEFAULT_MAX_REVIEWS);

  private final ModelManifest manifest;
  private final TextPipeline textPipeline;
  private final Precision precision;
  private final ServingGraph graph;

  private SentimentModel(
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
   * Loads, verifies and warms up a model that is to take over from another.
   *
   * @param versionDirectory the model's directory; if its name is a number, that is its version
   * @param concurrentCallers positive; how many threads will call {@link #probabilities} at the
   *     same time
   * @param precision how it is to compute
   * @param shapes batches that the other one scores now; the largest are warmed up at, up to the
   *     work of one full batch
   * @return a model that is ready to serve; to be closed
   * @throws InvalidModelException if the directory is not a model, or one that is damaged or does
   *     not fit together
   * @throws IllegalArgumentException if {@code concurrentCallers} is not positive
   */
  public static SentimentModel load(
      Path versionDirectory, int concurrentCallers, Precision precision, List<BatchShape> shapes) {
    if (concurrentCallers < 1) {
      throw new IllegalArgumentException(
          "concurrentCallers must be positive: " + concurrentCallers);
    }
    try {
      verifyVersion(versionDirectory, ManifestFile.read(versionDirectory));
      return loadUnderAnyName(versionDirectory, concurrentCallers, precision, shapes);
    } catch (OutOfMemoryError e) {
      throw new InvalidModelException(
          versionDirectory
              + " does not fit into the memory of this process: "
              + e.getMessage()
              + ". Give it more with -Xmx, or serve a smaller model.",
          e);
    }
  }

  /** Loads as {@link #load} does, from a directory whose name says nothing. */
  static SentimentModel loadUnderAnyName(
      Path versionDirectory, int concurrentCallers, Precision precision, List<BatchShape> shapes) {
    ModelManifest manifest = ManifestFile.read(versionDirectory);
    ModelFiles.verify(versionDirectory, manifest);
    Set<Precision> possible = ServingGraph.precisions(versionDirectory);
    if (precision == Precision.INT8 && !possible.contains(Precision.INT8)) {
      throw new InvalidModelException(
          versionDirectory
              + " has no graph of the precision int8. Choose auto or fp32, or export the model again.");
    }
    Loading loading = new Loading(versionDirectory, concurrentCallers, manifest, shapes);
    if (precision != Precision.AUTO) {
      return loading.in(precision);
    }
    SentimentModel floats = loading.in(Precision.FP32);
    return possible.contains(Precision.INT8) ? faster(floats, loading) : floats;
  }

  /** A model that is being loaded. */
  private record Loading(
      Path directory, int concurrentCallers, ModelManifest manifest, List<BatchShape> shapes) {

    SentimentModel in(Precision precision) {
      TextPipeline textPipeline = readTextPipeline(directory);
      ServingGraph graph = ServingGraph.load(directory, concurrentCallers, precision);
      try {
        SentimentModel model = new SentimentModel(manifest, textPipeline, precision, graph);
        model.verifyVocabulary(directory);
        warmUpShapes(shapes).forEach(shape -> model.warmUp(directory, shape));
        GoldenReviews.read(directory)
            .verify(directory, textPipeline, graph, GoldenReviews.tolerance(precision));
        return model;
      } catch (RuntimeException e) {
        graph.close();
        throw e;
      }
    }
  }

  /** The one in floats unless the one in eight bits is right and faster; the other is closed. */
  private static SentimentModel faster(SentimentModel floats, Loading loading) {
    SentimentModel codes;
    try {
      codes = loading.in(Precision.INT8);
    } catch (InvalidModelException e) {
      LOG.warn("Scoring in fp32, since int8 is not right on this machine: {}", e.getMessage());
      return floats;
    } catch (RuntimeException e) {
      floats.close();
      throw e;
    }
    long floatTime = Long.MAX_VALUE;
    long codeTime = Long.MAX_VALUE;
    for (int trial = 0; trial < TRIALS; trial++) {
      floatTime = Math.min(floatTime, floats.time());
      codeTime = Math.min(codeTime, codes.time());
    }
    LOG.info(
        "A batch takes {} ms in int8 and {} ms in fp32.",
        TimeUnit.NANOSECONDS.toMillis(codeTime),
        TimeUnit.NANOSECONDS.toMillis(floatTime));
    SentimentModel slower = codeTime < floatTime ? floats : codes;
    slower.close();
    return slower == floats ? codes : floats;
  }

  /** Nanoseconds for a batch of all lengths, which meets every number of reviews on the way. */
  private long time() {
    int[][] ids = new int[BatchPlanner.DEFAULT_MAX_REVIEWS][];
    for (int review = 0; review < ids.length; review++) {
      ids[review] = new int[1 + 2 * review];
      Arrays.fill(ids[review], textPipeline.vocabulary().size() - 1);
    }
    long start = System.nanoTime();
    probabilities(ids);
    return System.nanoTime() - start;
  }

  /** A directory copied by hand to another number would name the wrong version in every score. */
  private static void verifyVersion(Path directory, ModelManifest manifest) {
    String name = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
    if (name.matches("[0-9]+") && !name.equals(Long.toString(manifest.version()))) {
      throw new InvalidModelException(
          directory
              + " is version "
              + manifest.version()
              + " by its manifest. Rename the directory, or publish the model with valence model publish.");
    }
  }

  static TextPipeline readTextPipeline(Path directory) {
    try {
      return TextPipeline.load(directory.resolve("assets"));
    } catch (IOException | RuntimeException e) {
      throw new InvalidModelException(
          directory + " has no usable text pipeline: " + e.getMessage(), e);
    }
  }

  private void verifyVocabulary(Path directory) {
    int lines = textPipeline.vocabulary().size();
    OptionalLong rows = graph.embeddingRows();
    if (rows.isPresent() && rows.getAsLong() != lines) {
      throw new InvalidModelException(
          "vocabulary.txt has "
              + lines
              + " lines but the embedding has "
              + rows.getAsLong()
              + " rows: the model in "
              + directory
              + " was exported from another vocabulary. Export it again.");
    }
  }

  /**
   * The largest of the shapes in use, together no more work than one full batch, which stands in
   * while none is known: a warm-up takes the processor from the model that serves.
   */
  private static List<BatchShape> warmUpShapes(List<BatchShape> inUse) {
    List<BatchShape> chosen = new ArrayList<>();
    long left = FULL_BATCH.cells();
    for (BatchShape shape :
        inUse.stream().sorted(Comparator.comparingLong(BatchShape::cells).reversed()).toList()) {
      if (shape.cells() <= left) {
        chosen.add(shape);
        left -= shape.cells();
      }
    }
    return chosen.isEmpty() ? List.of(FULL_BATCH) : chosen;
  }

  /** Reserves memory and prepares kernels before the first review waits for them. */
  private void warmUp(Path directory, BatchShape shape) {
    int[][] ids = new int[shape.reviews()][shape.time()];
    for (int[] row : ids) {
      Arrays.fill(row, textPipeline.vocabulary().size() - 1);
    }
    float[][] warm;
    try {
      warm = probabilities(ids);
    } catch (RuntimeException e) {
      throw new InvalidModelException(
          "the model in " + directory + " cannot score: " + e.getMessage() + ". Export it again.",
          e);
    }
    if (warm[0].length != manifest.labels().size()) {
      throw new InvalidModelException(
          "the manifest of "
              + directory
              + " names "
              + manifest.labels().size()
              + " labels "
              + manifest.labels()
              + " but the model gives "
              + warm[0].length
              + " probabilities. Export it again.");
    }
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
