package dev.valence.model;

import dev.valence.text.TextPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads, verifies and warms up one version of a model after the other. What it found out about the
 * first helps with the next: which precision is the fastest here is measured once for all versions
 * of the same work. For one thread.
 */
public final class ModelLoader {

  private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);

  /** Timings of each precision; the best of them counts. */
  private static final int TRIALS = 3;

  /**
   * Tokens of each review of the warm-up where the model reads in chunks: what the first chunks
   * have prepared serves the others, and more would take the processor from the model that serves.
   */
  private static final int WARM_UP_CHUNKS_TOKENS = 32;

  private final Precision precision;
  private final Map<ServingGraph.Work, Precision> fastest = new HashMap<>();

  /**
   * @param precision how the models are to compute
   */
  public ModelLoader(Precision precision) {
    this.precision = precision;
  }

  /**
   * Loads a version as fast as it can.
   *
   * @param versionDirectory the model's directory; if its name is a number, that is its version
   * @param shapes batches that it is to score; the largest are warmed up at, up to the work of one
   *     full batch
   * @return a model that is ready to serve; to be closed
   * @throws InvalidModelException if the directory is not a model, or one that is damaged or does
   *     not fit together
   */
  public SentimentModel load(Path versionDirectory, List<BatchShape> shapes) {
    return load(versionDirectory, shapes, Pace.FULL, ModelLoader::verifyVersion);
  }

  /**
   * Loads a version that is to take over from another, which serves meanwhile and is left most of
   * the processor.
   *
   * @param versionDirectory the model's directory; if its name is a number, that is its version
   * @param shapes batches that the other one scores now; the largest are warmed up at, up to the
   *     work of one full batch
   * @return a model that is ready to serve; to be closed
   * @throws InvalidModelException if the directory is not a model, or one that is damaged or does
   *     not fit together
   */
  public SentimentModel loadBesideAnother(Path versionDirectory, List<BatchShape> shapes) {
    return load(versionDirectory, shapes, Pace.BESIDE_ANOTHER, ModelLoader::verifyVersion);
  }

  /** Loads as {@link #load(Path, List)} does, from a directory whose name says nothing. */
  SentimentModel loadUnderAnyName(Path versionDirectory) {
    return load(versionDirectory, List.of(), Pace.FULL, (directory, manifest) -> {});
  }

  private SentimentModel load(
      Path versionDirectory,
      List<BatchShape> shapes,
      Pace pace,
      BiConsumer<Path, ModelManifest> name) {
    try {
      ModelManifest manifest = ManifestFile.read(versionDirectory);
      name.accept(versionDirectory, manifest);
      ModelFiles.verify(versionDirectory, manifest);
      return load(new Loading(versionDirectory, manifest, shapes, pace));
    } catch (OutOfMemoryError e) {
      throw new InvalidModelException(
          versionDirectory
              + " does not fit into the memory of this process: "
              + e.getMessage()
              + ". Give it more with -Xmx, or serve a smaller model.",
          e);
    }
  }

  private SentimentModel load(Loading loading) {
    boolean hasInt8 = ServingGraph.precisions(loading.directory()).contains(Precision.INT8);
    if (precision == Precision.INT8 && !hasInt8) {
      throw new InvalidModelException(
          loading.directory()
              + " has no graph of the precision int8. Choose auto or fp32, or export the model again.");
    }
    if (precision != Precision.AUTO) {
      return loading.in(precision);
    }
    ServingGraph.Work work = ServingGraph.work(loading.directory());
    Precision known = hasInt8 ? fastest.get(work) : Precision.FP32;
    if (known == null) {
      return faster(loading, work);
    }
    return known == Precision.FP32 ? loading.in(Precision.FP32) : int8IfRight(loading);
  }

  private static SentimentModel int8IfRight(Loading loading) {
    try {
      return loading.in(Precision.INT8);
    } catch (InvalidModelException e) {
      warnOfWrongInt8(e);
      return loading.in(Precision.FP32);
    }
  }

  /** The one in fp32 unless the one in int8 is right and faster; the other is closed. */
  private SentimentModel faster(Loading loading, ServingGraph.Work work) {
    SentimentModel fp32 = loading.in(Precision.FP32);
    SentimentModel int8;
    try {
      int8 = loading.in(Precision.INT8);
    } catch (InvalidModelException e) {
      warnOfWrongInt8(e);
      return fp32;
    } catch (RuntimeException | Error e) {
      fp32.close();
      throw e;
    }
    long fp32Time = Long.MAX_VALUE;
    long int8Time = Long.MAX_VALUE;
    try {
      for (int trial = 0; trial < TRIALS; trial++) {
        fp32Time = Math.min(fp32Time, loading.time(fp32));
        int8Time = Math.min(int8Time, loading.time(int8));
      }
    } catch (RuntimeException | Error e) {
      fp32.close();
      int8.close();
      throw e;
    }
    LOG.info(
        "A batch takes {} ms in int8 and {} ms in fp32.",
        TimeUnit.NANOSECONDS.toMillis(int8Time),
        TimeUnit.NANOSECONDS.toMillis(fp32Time));
    SentimentModel slower = int8Time < fp32Time ? fp32 : int8;
    slower.close();
    SentimentModel faster = slower == fp32 ? int8 : fp32;
    fastest.put(work, faster.precision());
    return faster;
  }

  private static void warnOfWrongInt8(InvalidModelException e) {
    LOG.warn("Scoring in fp32, since int8 is not right on this machine: {}", e.getMessage());
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

  /** A model that is being loaded. */
  private record Loading(
      Path directory, ModelManifest manifest, List<BatchShape> shapes, Pace pace) {

    SentimentModel in(Precision precision) {
      TextPipeline textPipeline = readTextPipeline(directory);
      ServingGraph graph = ServingGraph.load(directory, precision);
      try {
        verifyVocabulary(textPipeline, graph);
        Function<int[][], float[][]> scoring = pace.of(graph::probabilities);
        int lastId = textPipeline.vocabulary().size() - 1;
        warmUpShapes(graph).forEach(shape -> warmUp(scoring, shape, lastId));
        GoldenReviews.read(directory)
            .verify(directory, textPipeline, scoring, GoldenReviews.tolerance(precision));
        return new SentimentModel(manifest, textPipeline, precision, graph);
      } catch (RuntimeException | Error e) {
        graph.close();
        throw e;
      }
    }

    /** Nanoseconds for a batch of all lengths, which meets every number of reviews on the way. */
    long time(SentimentModel model) {
      int[][] ids = new int[BatchPlanner.DEFAULT_MAX_REVIEWS][];
      for (int review = 0; review < ids.length; review++) {
        ids[review] = new int[1 + 2 * review];
        Arrays.fill(ids[review], model.textPipeline().vocabulary().size() - 1);
      }
      return pace.time(model::probabilities, ids);
    }

    private void verifyVocabulary(TextPipeline textPipeline, ServingGraph graph) {
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
    private List<BatchShape> warmUpShapes(ServingGraph graph) {
      BatchShape full = fullBatch(graph);
      List<BatchShape> chosen = new ArrayList<>();
      long left = full.cells();
      for (BatchShape shape :
          shapes.stream()
              .map(shape -> graph.readsInChunks() ? shape.within(full) : shape)
              .distinct()
              .sorted(Comparator.comparingLong(BatchShape::cells).reversed())
              .toList()) {
        if (shape.cells() <= left) {
          chosen.add(shape);
          left -= shape.cells();
        }
      }
      return chosen.isEmpty() ? List.of(full) : chosen;
    }

    private static BatchShape fullBatch(ServingGraph graph) {
      return graph.readsInChunks()
          ? new BatchShape(WARM_UP_CHUNKS_TOKENS, ChunkSeats.MOST)
          : new BatchShape(
              BatchPlanner.DEFAULT_MAX_PADDED_TOKENS / BatchPlanner.DEFAULT_MAX_REVIEWS,
              BatchPlanner.DEFAULT_MAX_REVIEWS);
    }

    /** Reserves memory and prepares kernels before the first review waits for them. */
    private void warmUp(Function<int[][], float[][]> scoring, BatchShape shape, int id) {
      int[][] ids = new int[shape.reviews()][shape.time()];
      for (int[] row : ids) {
        Arrays.fill(row, id);
      }
      float[][] warm;
      try {
        warm = scoring.apply(ids);
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
  }
}
