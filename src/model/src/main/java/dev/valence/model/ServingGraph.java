package dev.valence.model;

import com.sun.management.OperatingSystemMXBean;
import dev.valence.text.Vocabulary;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.tensorflow.GraphOperation;
import org.tensorflow.RawTensor;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The TensorFlow half of a model: a graph of its SavedModel and one session on it that several
 * threads share. The graph tagged {@code serve} has the signature {@code serving_default}: it takes
 * {@code token_ids} int32 [time, batch] and {@code lengths} int32 [batch], and gives {@code logits}
 * and {@code probabilities}, both float [batch, classes]. Where a graph also reads in chunks, see
 * {@link ChunkSignatures}, that is done instead. The graph tagged {@code serve} and {@code int8},
 * if there is one, reads in chunks only.
 */
final class ServingGraph implements AutoCloseable {

  /**
   * What may stand between the token ids and the lookup of their embeddings without changing an id.
   */
  private static final Set<String> PASSING_IDS_ON =
      Set.of(
          "Identity",
          "Reshape",
          "Transpose",
          "Cast",
          "Unpack",
          "Slice",
          "ReverseSequence",
          "ConcatV2");

  private final SavedModelBundle bundle;
  private final String tokenIds;
  private final boolean inChunks;
  private final Function<int[][], float[][]> scoring;
  private final ToLongFunction<int[]> cells;

  private ServingGraph(Path directory, SavedModelBundle bundle, Precision precision) {
    this.bundle = bundle;
    Optional<ChunkSignatures> chunks = ChunkSignatures.of(bundle.metaGraphDef());
    this.inChunks = chunks.isPresent();
    if (precision == Precision.FP32 || chunks.isEmpty()) {
      ServingSignature whole = ServingSignature.of(directory, bundle.metaGraphDef());
      this.tokenIds = whole.tokenIds();
      if (chunks.isEmpty()) {
        this.scoring = ids -> wholeReviews(whole, ids);
        this.cells = ServingGraph::paddedToTheLongest;
        return;
      }
    } else {
      this.tokenIds = chunks.get().tokenIds();
    }
    ChunkReader reader = new ChunkReader(bundle.session(), chunks.get(), precision);
    this.scoring = reader::probabilities;
    this.cells = reader::cells;
  }

  private static long paddedToTheLongest(int[] lengths) {
    return (long) lengths.length * Arrays.stream(lengths).max().orElse(0);
  }

  /**
   * @param directory holds {@code saved_model.pb} and {@code variables/}
   * @param precision which of its graphs, not {@link Precision#AUTO}
   * @throws InvalidModelException if TensorFlow cannot load it or the signature is another
   */
  static ServingGraph load(Path directory, Precision precision) {
    new GraphBounds(directory, roomForWeights()).verify(new SavedModelFile(directory).read());
    // Everything runs in the thread that calls (DirectSession's run_in_caller_thread), so callers
    // scale. From threads of TensorFlow's, each step of a loop might come to another core.
    ConfigProto config =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(1)
            .setInterOpParallelismThreads(-1)
            .build();
    SavedModelBundle bundle;
    try {
      bundle =
          SavedModelBundle.loader(directory.toString())
              .withTags(
                  precision == Precision.INT8
                      ? new String[] {SavedModelBundle.DEFAULT_TAG, SavedModelFile.INT8_TAG}
                      : new String[] {SavedModelBundle.DEFAULT_TAG})
              .withConfigProto(config)
              .load();
    } catch (RuntimeException e) {
      throw new InvalidModelException(
          "TensorFlow cannot load "
              + directory
              + ": "
              + oneLine(e)
              + ". Export or copy the model again.",
          e);
    }
    try {
      return new ServingGraph(directory, bundle, precision);
    } catch (RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  /** While a model is restored, its weights are in memory twice. */
  private static long roomForWeights() {
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return machine.getTotalMemorySize() / 2;
  }

  /** Whether memory grows with the reviews of a batch only, and not with their lengths. */
  boolean readsInChunks() {
    return inChunks;
  }

  /**
   * Cells that are computed for a batch, padding included.
   *
   * @param lengths tokens of each review, positive
   */
  long cells(int[] lengths) {
    return cells.applyAsLong(lengths);
  }

  /** Rows of the table in which the graph looks token ids up, if its shape is known. */
  OptionalLong embeddingRows() {
    return embeddingLookup()
        .map(lookup -> lookup.input(0).shape())
        .filter(shape -> shape.numDimensions() > 0 && shape.get(0) != Shape.UNKNOWN_SIZE)
        .map(shape -> OptionalLong.of(shape.get(0)))
        .orElse(OptionalLong.empty());
  }

  private Optional<GraphOperation> embeddingLookup() {
    Deque<GraphOperation> ahead = new ArrayDeque<>();
    ahead.add((GraphOperation) bundle.graph().outputOrThrow(tokenIds).op());
    while (!ahead.isEmpty()) {
      for (GraphOperation consumer : ahead.remove().consumers()) {
        if (consumer.type().equals("Gather") || consumer.type().equals("GatherV2")) {
          return Optional.of(consumer);
        }
        if (PASSING_IDS_ON.contains(consumer.type())) {
          ahead.add(consumer);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Runs one batch; safe for several threads.
   *
   * @param ids token ids of each review, none of them empty: [batch][its length]
   * @return [batch][classes]
   * @throws IllegalArgumentException if a review is empty or TensorFlow refuses an id
   * @throws IllegalStateException if the graph is closed
   */
  float[][] probabilities(int[][] ids) {
    for (int review = 0; review < ids.length; review++) {
      if (ids[review].length == 0) {
        throw new IllegalArgumentException("review " + review + " of the batch has no token ids");
      }
    }
    return ids.length == 0 ? new float[0][] : scoring.apply(ids);
  }

  private float[][] wholeReviews(ServingSignature signature, int[][] ids) {
    int[] reviewLengths = Arrays.stream(ids).mapToInt(review -> review.length).toArray();
    int time = Arrays.stream(reviewLengths).max().getAsInt();
    int[] timeMajor = timeMajor(ids, time);
    try (TInt32 idTensor =
            TInt32.tensorOf(Shape.of(time, ids.length), DataBuffers.of(timeMajor, true, false));
        TInt32 lengthTensor = TInt32.vectorOf(reviewLengths);
        Result result =
            bundle
                .session()
                .runner()
                .feed(signature.tokenIds(), idTensor)
                .feed(signature.lengths(), lengthTensor)
                .fetch(signature.probabilities())
                .run()) {
      return rows((TFloat32) result.get(0), ids.length);
    }
  }

  /** [time * batch]: the first id of every review, then the second, and so on. */
  private static int[] timeMajor(int[][] ids, int time) {
    int batch = ids.length;
    int[] padded = new int[Math.multiplyExact(time, batch)];
    for (int review = 0; review < batch; review++) {
      int[] reviewIds = ids[review];
      for (int step = 0; step < time; step++) {
        padded[step * batch + review] =
            step < reviewIds.length ? reviewIds[step] : Vocabulary.PADDING_ID;
      }
    }
    return padded;
  }

  static float[][] rows(TFloat32 tensor, int batch) {
    RawTensor raw = tensor.asRawTensor();
    if (raw.shape().numDimensions() != 2 || raw.shape().get(0) != batch) {
      throw new IllegalStateException(
          "the model gave probabilities of shape " + raw.shape() + " for " + batch + " reviews");
    }
    int classes = (int) raw.shape().get(1);
    float[][] rows = new float[batch][classes];
    for (int row = 0; row < batch; row++) {
      raw.data().asFloats().offset((long) row * classes).read(rows[row]);
    }
    return rows;
  }

  private static String oneLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).strip().replaceAll("\\R\\s*+", " ");
  }

  /**
   * Waits for running batches; the bundle closes its session before its graph, which would wait for
   * ever otherwise.
   */
  @Override
  public void close() {
    bundle.close();
  }
}
