package dev.valence.model;

import dev.valence.text.TextPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

  private final Precision precision;
  private final PrecisionTrial trial = new PrecisionTrial();

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
      return load(new Loading(versionDirectory, manifest, new WarmUp(shapes), pace));
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
    boolean hasInt8 = new SavedModelFile(loading.directory()).precisions().contains(Precision.INT8);
    if (precision == Precision.INT8 && !hasInt8) {
      throw new InvalidModelException(
          loading.directory()
              + " has no graph of the precision int8. Choose auto or fp32, or export the model again.");
    }
    if (precision != Precision.AUTO) {
      return loading.in(precision);
    }
    SavedModelFile.Work work = new SavedModelFile(loading.directory()).work();
    Optional<Precision> known = hasInt8 ? trial.fastest(work) : Optional.of(Precision.FP32);
    if (known.isEmpty()) {
      return faster(loading, work);
    }
    return known.get() == Precision.FP32 ? loading.in(Precision.FP32) : int8IfRight(loading);
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
  private SentimentModel faster(Loading loading, SavedModelFile.Work work) {
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
    return trial.faster(fp32, int8, work, loading.pace());
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
  private record Loading(Path directory, ModelManifest manifest, WarmUp warmUp, Pace pace) {

    SentimentModel in(Precision precision) {
      TextPipeline textPipeline = readTextPipeline(directory);
      ServingGraph graph = ServingGraph.load(directory, precision);
      try {
        verifyVocabulary(textPipeline, graph);
        Function<int[][], float[][]> scoring = pace.of(graph::probabilities);
        int lastId = textPipeline.vocabulary().size() - 1;
        warmUp.chosen(graph).forEach(shape -> run(scoring, shape, lastId));
        GoldenReviews.read(directory)
            .verify(directory, textPipeline, scoring, GoldenReviews.tolerance(precision));
        return new SentimentModel(manifest, textPipeline, precision, graph);
      } catch (RuntimeException | Error e) {
        graph.close();
        throw e;
      }
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

    private void run(Function<int[][], float[][]> scoring, BatchShape shape, int id) {
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
