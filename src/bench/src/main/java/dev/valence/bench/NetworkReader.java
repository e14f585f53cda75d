package dev.valence.bench;

import dev.valence.model.InvalidModelException;
import dev.valence.model.ModelManifest;
import dev.valence.text.ReadingOrder;
import dev.valence.text.TextPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.RawTensor;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Takes the weights out of a SavedModel, as its graph in floats uses them: whatever they are stored
 * as, they are asked for where the products read them.
 */
final class NetworkReader {
  private static final String LSTM = "BlockLSTMV2";
  private static final int X = 1;
  private static final int WEIGHTS = 4;
  private static final int BIAS = 8;

  private final Path directory;
  private final SavedModelBundle bundle;

  private NetworkReader(Path directory, SavedModelBundle bundle) {
    this.directory = directory;
    this.bundle = bundle;
  }

  /**
   * Reads a model's weights.
   *
   * @param directory of one version, as {@code valence train export} writes it
   * @throws InvalidModelException if the model is of another architecture
   */
  static Network read(Path directory) {
    try (SavedModelBundle bundle = SavedModelBundle.load(directory.toString())) {
      return new NetworkReader(directory, bundle).network();
    }
  }

  private Network network() {
    String named =
        bundle
            .metaGraphDef()
            .getSignatureDefOrThrow("serving_default")
            .getOutputsOrThrow("logits")
            .getName();
    GraphOperation logits = (GraphOperation) bundle.graph().outputOrThrow(named).op();
    GraphOperation labelProduct = input(logits, 0, "MatMul");
    GraphOperation hidden = input(input(labelProduct, 0, "Relu"), 0, "Add");
    GraphOperation hiddenProduct = input(hidden, 0, "MatMul");
    GraphOperation scaled = input(hiddenProduct, 0, "Mul");
    GraphOperation centred = input(scaled, 0, "Sub");
    List<GraphOperation> lstms = lstmsBelow(centred);
    Network.Head head =
        new Network.Head(
            values(centred.input(1)),
            values(scaled.input(1)),
            values(hiddenProduct.input(1)),
            values(hidden.input(1)),
            values(labelProduct.input(1)),
            values(logits.input(1)),
            (float) ModelManifest.read(directory).calibration().temperature());
    boolean backwards =
        bundle.metaGraphDef().getSignatureDefMap().containsKey("read_chunk_backwards");
    return new Network(
        backwards ? ReadingOrder.BACKWARDS : ReadingOrder.FORWARDS,
        embedding(lstms.get(0)),
        lstms.stream().map(this::layer).toList(),
        head);
  }

  private GraphOperation input(GraphOperation operation, int index, String type) {
    GraphOperation before = (GraphOperation) operation.input(index).op();
    if (!before.type().equals(type)) {
      throw foreign();
    }
    return before;
  }

  private InvalidModelException foreign() {
    return new InvalidModelException(
        "the model in "
            + directory
            + " is not a stack of LSTMs as 'valence train export' writes it, so that no peer can be"
            + " given the same. Name one that is with --model.");
  }

  /** The lowest first. */
  private List<GraphOperation> lstmsBelow(GraphOperation top) {
    List<GraphOperation> found = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Deque<GraphOperation> ahead = new ArrayDeque<>(List.of(top));
    while (!ahead.isEmpty()) {
      GraphOperation operation = ahead.remove();
      boolean lstm = operation.type().equals(LSTM);
      if (lstm) {
        found.add(0, operation);
      }
      IntStream.range(0, operation.numInputs())
          .filter(index -> !lstm || index == X)
          .mapToObj(operation::input)
          .map(output -> (GraphOperation) output.op())
          .filter(before -> seen.add(before.name()))
          .forEach(ahead::add);
    }
    if (found.isEmpty()) {
      throw foreign();
    }
    return found;
  }

  private Network.Layer layer(GraphOperation lstm) {
    float[] bias = values(lstm.input(BIAS));
    float[] matrix = values(lstm.input(WEIGHTS));
    int width = bias.length / 4;
    return new Network.Layer(matrix.length / bias.length - width, width, matrix, bias);
  }

  /** What the lowest layer reads for each word of the vocabulary. */
  private float[] embedding(GraphOperation lowest) {
    int words = vocabulary();
    try (TInt32 each =
            TInt32.tensorOf(
                Shape.of(1, words),
                DataBuffers.of(IntStream.range(0, words).toArray(), true, false));
        TInt32 lengths = TInt32.vectorOf(IntStream.generate(() -> 1).limit(words).toArray())) {
      return values(
          bundle
              .session()
              .runner()
              .feed(input("token_ids"), each)
              .feed(input("lengths"), lengths)
              .fetch(lowest.input(X)));
    }
  }

  private String input(String name) {
    return bundle
        .metaGraphDef()
        .getSignatureDefOrThrow("serving_default")
        .getInputsOrThrow(name)
        .getName();
  }

  private int vocabulary() {
    try {
      return TextPipeline.load(directory.resolve("assets")).vocabulary().size();
    } catch (IOException e) {
      throw new InvalidModelException(
          directory + " has no usable text pipeline: " + e.getMessage(), e);
    }
  }

  private float[] values(Output<?> output) {
    return values(bundle.session().runner().fetch(output));
  }

  private static float[] values(Session.Runner runner) {
    try (Result result = runner.run()) {
      RawTensor raw = ((TFloat32) result.get(0)).asRawTensor();
      float[] values = new float[Math.toIntExact(raw.shape().size())];
      raw.data().asFloats().read(values);
      return values;
    }
  }
}
