package dev.valence.training;

import dev.valence.text.ReadingOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.NoOp;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReverseSequence;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * A classifier's two inference graphs, in one SavedModel and over the same variables, which are
 * eight-bit codes.
 *
 * <p>The graph tagged {@code serve} computes in floats: {@code serving_default} scores whole
 * reviews, {@code read_chunk} and {@code judge_read} some steps at a time. Of a model that reads
 * backwards {@code serving_default} turns the reviews round itself; {@code read_chunk} cannot, and
 * is called {@code read_chunk_backwards} then. The graph tagged {@code serve} and {@code int8} has
 * the latter two alone and multiplies the codes; whoever does not know its operations can still
 * load the other. {@code weights} gives what was trained, as exact as the codes are.
 */
final class ServingGraphs {
  /** Signature that gives the weights of the classifier, to learn from again. */
  static final String WEIGHTS = "weights";

  private static final String INT8 = "int8";
  private static final String INIT = "__saved_model_init_op";

  private final Classifier classifier;
  private final QuantizedWeights weights;
  private final List<Integer> widths;
  private final ReadingOrder order;

  ServingGraphs(Classifier classifier) {
    this.classifier = classifier;
    this.weights = QuantizedWeights.of(classifier.parameters(), classifier.facts().numbers().nl());
    this.order = classifier.facts().numbers().readingOrder();
    this.widths = weights.layers().stream().map(QuantizedWeights.Layer::width).toList();
  }

  /**
   * Writes {@code saved_model.pb} and {@code variables/} with both graphs.
   *
   * @param directory is there
   * @throws IOException if the directory cannot be written
   */
  void write(Path directory) throws IOException {
    MetaGraphDef floats = writeFloats(directory);
    Path beside = Files.createTempDirectory(directory, ".int8");
    MetaGraphDef codes;
    try {
      codes = writeCodes(beside);
    } finally {
      StagedFiles.delete(beside);
    }
    write(directory, List.of(floats, codes));
  }

  /** Writes the same without the graph that multiplies codes. */
  void writeFloatsOnly(Path directory) throws IOException {
    write(directory, List.of(writeFloats(directory)));
  }

  private static void write(Path directory, List<MetaGraphDef> graphs) throws IOException {
    Files.write(
        directory.resolve("saved_model.pb"),
        SavedModel.newBuilder()
            .setSavedModelSchemaVersion(1)
            .addAllMetaGraphs(graphs)
            .build()
            .toByteArray());
  }

  private MetaGraphDef writeFloats(Path directory) throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      ExportedVariables variables = new ExportedVariables(tf, weights, classifier.parameters());
      WideWeights wide = new WideWeights(tf, weights, variables);
      NoOp init = wide.init();
      MetaGraphDef exported =
          export(
              graph,
              variables,
              directory,
              Stream.concat(
                  Stream.of(wholeReviews(tf, variables, wide), weights(tf, variables, wide)),
                  floatChunk(tf, variables, wide).stream()));
      return exported.toBuilder()
          .putSignatureDef(
              INIT,
              SignatureDef.newBuilder()
                  .putOutputs(INIT, TensorInfo.newBuilder().setName(init.op().name()).build())
                  .build())
          .build();
    }
  }

  private MetaGraphDef writeCodes(Path directory) throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      ExportedVariables variables = new ExportedVariables(tf, weights, classifier.parameters());
      MetaGraphDef exported =
          export(graph, variables, directory, codeChunk(tf, variables).stream());
      return exported.toBuilder()
          .setGraphDef(StepLoop.inOneThread(exported.getGraphDef()))
          .setMetaInfoDef(exported.getMetaInfoDef().toBuilder().addTags(INT8))
          .build();
    }
  }

  private static MetaGraphDef export(
      Graph graph, ExportedVariables variables, Path directory, Stream<Signature> signatures)
      throws IOException {
    try (Session session = new Session(graph, Device.CPU.config().build())) {
      variables.assign(session);
      SavedModelBundle.exporter(directory.toString())
          .withSession(session)
          .withSignatures(signatures.toArray(Signature[]::new))
          .export();
    }
    return SavedModel.parseFrom(Files.readAllBytes(directory.resolve("saved_model.pb")))
        .getMetaGraphs(0);
  }

  /** The classifier's weights as floats, by the names that they have in training. */
  private Signature weights(Ops tf, ExportedVariables variables, WideWeights wide) {
    Signature.Builder signature =
        Signature.builder(WEIGHTS)
            .output(Parameters.EMBEDDING, wideEmbedding(tf, variables.embedding()));
    for (int i = 0; i < widths.size(); i++) {
      WideWeights.Layer layer = wide.layers().get(i);
      int inputWidth = weights.layers().get(i).inputWidth();
      signature
          .output(
              Parameters.lstm(i, "input"),
              tf.slice(layer.matrix(), tf.array(0, 0), tf.array(inputWidth, -1)))
          .output(
              Parameters.lstm(i, "hidden"),
              tf.slice(layer.matrix(), tf.array(inputWidth, 0), tf.array(-1, -1)))
          .output(Parameters.lstm(i, "bias"), layer.bias());
    }
    variables.head().byName().forEach(signature::output);
    return signature.build();
  }

  /** Both inputs padded to the longest review. */
  private Signature wholeReviews(Ops tf, ExportedVariables variables, WideWeights wide) {
    Placeholder<TInt32> tokenIds =
        tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
    Placeholder<TInt32> lengths = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    Operand<TInt32> batch = tf.slice(tf.shape(tokenIds), tf.array(1), tf.array(1));
    Operand<TFloat32> sequence = embedded(tf, variables, inOrder(tf, tokenIds, lengths));
    for (WideWeights.Layer layer : wide.layers()) {
      Operand<TFloat32> zeros =
          tf.zeros(
              tf.concat(List.of(batch, tf.array(layer.width())), tf.constant(0)), TFloat32.class);
      sequence = new FloatLstm(tf, layer).read(sequence, zeros, zeros).sequence();
    }
    Operand<TFloat32> logits = logits(tf, variables, ClassifierHead.pool(tf, sequence, lengths));
    return Signature.builder()
        .input("token_ids", tokenIds)
        .input("lengths", lengths)
        .output("logits", logits)
        .output("probabilities", probabilities(tf, logits))
        .build();
  }

  /**
   * What {@link ReadingOrder#of} does, in the graph.
   *
   * @param tokenIds {@code [time, batch]}, the begin tokens in the first row
   */
  private Operand<TInt32> inOrder(Ops tf, Operand<TInt32> tokenIds, Operand<TInt32> lengths) {
    if (order == ReadingOrder.FORWARDS) {
      return tokenIds;
    }
    Operand<TInt32> begin = tf.slice(tokenIds, tf.array(0, 0), tf.array(1, -1));
    Operand<TInt32> words = tf.slice(tokenIds, tf.array(1, 0), tf.array(-1, -1));
    Operand<TInt32> reversed =
        tf.reverseSequence(
            words, tf.math.sub(lengths, tf.constant(1)), 0L, ReverseSequence.batchDim(1L));
    return tf.concat(List.of(begin, reversed), tf.constant(0));
  }

  private List<Signature> floatChunk(Ops tf, ExportedVariables variables, WideWeights wide) {
    ChunkState state = new ChunkState(tf, widths);
    Operand<TFloat32> sequence = embedded(tf, variables, state.tokenIds());
    for (int i = 0; i < widths.size(); i++) {
      FloatLstm.Read read =
          new FloatLstm(tf, wide.layers().get(i))
              .read(sequence, state.cellBefore(i), state.hiddenBefore(i));
      state.after(i, read.cell(), read.hidden());
      sequence = read.sequence();
    }
    state.pool(sequence);
    return signatures(tf, variables, state);
  }

  private List<Signature> codeChunk(Ops tf, ExportedVariables variables) {
    ChunkState state = new ChunkState(tf, widths);
    new QuantizedChunk(tf, weights, variables).read(state);
    return signatures(tf, variables, state);
  }

  private List<Signature> signatures(Ops tf, ExportedVariables variables, ChunkState state) {
    return List.of(
        state.reading(order),
        state.judging(
            pooled -> logits(tf, variables, pooled), logits -> probabilities(tf, logits)));
  }

  /** Rows are widened after they are looked up: the whole table would cost more than scoring. */
  private Operand<TFloat32> embedded(
      Ops tf, ExportedVariables variables, Operand<TInt32> tokenIds) {
    return wideEmbedding(tf, tf.gather(variables.embedding(), tokenIds, tf.constant(0)));
  }

  private Operand<TFloat32> wideEmbedding(Ops tf, Operand<TUint8> codes) {
    return tf.math.mul(new QuantizedOps(tf).numbers(codes), tf.constant(weights.embeddingStep()));
  }

  private static Operand<TFloat32> logits(
      Ops tf, ExportedVariables variables, Operand<TFloat32> pooled) {
    return variables.head().logits(tf, pooled, Dropouts.none());
  }

  private Operand<TFloat32> probabilities(Ops tf, Operand<TFloat32> logits) {
    return tf.nn.softmax(
        tf.math.div(logits, tf.constant((float) classifier.facts().temperature())));
  }
}
