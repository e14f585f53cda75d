package dev.valence.bench;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Writes a network as an ONNX file. In floats it uses the standard's {@code LSTM}; in eight bits
 * ONNX Runtime's {@code DynamicQuantizeLSTM}, which quantizes what it reads while it runs, as the
 * runtime's own tool for dynamic quantization does.
 */
final class OnnxFile {
  /** Input int32 {@code [time, batch]}. */
  static final String TOKEN_IDS = "token_ids";

  /** Input int32 {@code [batch]}. */
  static final String LENGTHS = "lengths";

  private static final String PROBABILITIES = "probabilities";
  private static final String MICROSOFT = "com.microsoft";
  private static final int IR_VERSION = 8;
  private static final int OPSET = 14;

  /**
   * Without VNNI the runtime adds every two products in 16 bits, which codes of eight bits
   * overflow. Seven are what its own tool offers for that ({@code reduce_range}).
   */
  private static final int LARGEST_CODE = Machine.hasVnni() ? 127 : 63;

  private final Network network;
  private final boolean eightBits;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("valence");

  private OnnxFile(Network network, boolean eightBits) {
    this.network = network;
    this.eightBits = eightBits;
  }

  /**
   * Writes it.
   *
   * @param eightBits whether the LSTMs multiply eight-bit integers
   */
  static void write(Network network, boolean eightBits, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      new OnnxFile(network, eightBits).model().writeTo(out);
    }
  }

  private ModelProto model() {
    graph.addInput(value(TOKEN_IDS, TensorProto.DataType.INT32, "time", "batch"));
    graph.addInput(value(LENGTHS, TensorProto.DataType.INT32, "batch"));
    graph.addOutput(value(PROBABILITIES, TensorProto.DataType.FLOAT, "batch", "labels"));
    String sequence =
        node(
            "Gather",
            floats("embedding", network.embedding(), network.vocabulary(), -1),
            TOKEN_IDS);
    vector("zero", 0);
    vector("one", 1);
    vector("two", 2);
    String last = "";
    for (int i = 0; i < network.layers().size(); i++) {
      Network.Layer layer = network.layers().get(i);
      String name = "lstm" + i;
      lstm(name, layer, sequence);
      sequence = node("Squeeze", name + ".all", "one");
      last = name + ".last";
    }
    head(pooled(sequence, node("Squeeze", last, "zero")));
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
        .setGraph(graph)
        .build();
  }

  private void lstm(String name, Network.Layer layer, String sequence) {
    float[] inputs = layer.inputMatrix(Network.ONNX_ORDER);
    float[] hidden = layer.hiddenMatrix(Network.ONNX_ORDER);
    int gates = 4 * layer.width();
    float[] bias = new float[2 * gates];
    System.arraycopy(layer.bias(Network.ONNX_ORDER), 0, bias, 0, gates);
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setName(name)
            .addInput(sequence)
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("hidden_size")
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(layer.width()))
            .addOutput(name + ".all")
            .addOutput(name + ".last");
    if (eightBits) {
      node.setOpType("DynamicQuantizeLSTM")
          .setDomain(MICROSOFT)
          .addInput(codes(name + ".w", inputs, layer.inputs()))
          .addInput(codes(name + ".r", hidden, layer.width()));
    } else {
      node.setOpType("LSTM")
          .addInput(floats(name + ".w", Network.transposed(inputs, layer.inputs()), 1, gates, -1))
          .addInput(floats(name + ".r", Network.transposed(hidden, layer.width()), 1, gates, -1));
    }
    node.addInput(floats(name + ".b", bias, 1, -1)).addInput(LENGTHS);
    if (eightBits) {
      node.addInput("") // initial output
          .addInput("") // initial cell
          .addInput("") // peepholes
          .addInput(name + ".w.steps")
          .addInput(name + ".w.zeros")
          .addInput(name + ".r.steps")
          .addInput(name + ".r.zeros");
    }
    graph.addNode(node);
  }

  /** Codes {@code [1, rows, columns]}, with a step for each column. */
  private String codes(String name, float[] matrix, int rows) {
    int columns = matrix.length / rows;
    float[] steps = new float[columns];
    for (int i = 0; i < matrix.length; i++) {
      steps[i % columns] = Math.max(steps[i % columns], Math.abs(matrix[i]) / LARGEST_CODE);
    }
    byte[] codes = new byte[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      float step = steps[i % columns];
      codes[i] = step == 0 ? 0 : (byte) Math.round(matrix[i] / step);
    }
    bytes(name, codes, 1, rows, columns);
    floats(name + ".steps", steps, 1, columns);
    bytes(name + ".zeros", new byte[columns], 1, columns);
    return name;
  }

  /** Last, greatest and mean output: what is outside of a review counts for nothing. */
  private String pooled(String sequence, String last) {
    scalar("zero.scalar", 0);
    scalar("one.scalar", 1);
    String time = node("Gather", node("Shape", TOKEN_IDS), "zero.scalar");
    String positions = node("Unsqueeze", node("Range", "zero.scalar", time, "one.scalar"), "one");
    String ends = node("Unsqueeze", cast(LENGTHS, TensorProto.DataType.INT64), "zero");
    String inside =
        node("Unsqueeze", cast(node("Less", positions, ends), TensorProto.DataType.FLOAT), "two");
    floats("plus", new float[] {1}, 1);
    // Outputs plus one are never negative, so that zero marks what is outside.
    String counted = node("Mul", node("Add", sequence, "plus"), inside);
    String max =
        node(
            "Sub",
            add(
                NodeProto.newBuilder()
                    .setOpType("ReduceMax")
                    .addInput(counted)
                    .addAttribute(
                        AttributeProto.newBuilder()
                            .setName("axes")
                            .setType(AttributeProto.AttributeType.INTS)
                            .addInts(0))
                    .addAttribute(integer("keepdims", 0))),
            "plus");
    String sum =
        add(
            NodeProto.newBuilder()
                .setOpType("ReduceSum")
                .addInput(counted)
                .addInput("zero")
                .addAttribute(integer("keepdims", 0)));
    String count = node("Unsqueeze", cast(LENGTHS, TensorProto.DataType.FLOAT), "one");
    String mean = node("Sub", node("Div", sum, count), "plus");
    return add(
        NodeProto.newBuilder()
            .setOpType("Concat")
            .addInput(last)
            .addInput(max)
            .addInput(mean)
            .addAttribute(integer("axis", 1)));
  }

  private void head(String pooled) {
    Network.Head head = network.head();
    String standard =
        node(
            "Mul",
            node("Sub", pooled, floats("mean", head.mean(), 1, -1)),
            floats("scale", head.scale(), 1, -1));
    String hidden =
        node(
            "Relu",
            node(
                "Add",
                node(
                    "MatMul",
                    standard,
                    floats("hidden.weights", head.hiddenWeights(), head.mean().length, -1)),
                floats("hidden.bias", head.hiddenBias(), 1, -1)));
    String logits =
        node(
            "Add",
            node("MatMul", hidden, floats("label.weights", head.labelWeights(), head.hidden(), -1)),
            floats("label.bias", head.labelBias(), 1, -1));
    String cooled = node("Div", logits, floats("temperature", new float[] {head.temperature()}, 1));
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Softmax")
            .addInput(cooled)
            .addAttribute(integer("axis", 1))
            .addOutput(PROBABILITIES));
  }

  private String cast(String input, TensorProto.DataType type) {
    return add(
        NodeProto.newBuilder()
            .setOpType("Cast")
            .addInput(input)
            .addAttribute(integer("to", type.getNumber())));
  }

  private String node(String type, String... inputs) {
    return add(NodeProto.newBuilder().setOpType(type).addAllInput(List.of(inputs)));
  }

  private String add(NodeProto.Builder node) {
    String output = node.getOpType().toLowerCase(Locale.ROOT) + graph.getNodeCount();
    graph.addNode(node.addOutput(output));
    return output;
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static ValueInfoProto value(String name, TensorProto.DataType type, String... shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (String dimension : shape) {
      dimensions.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(dimension));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(type.getNumber())
                        .setShape(dimensions)))
        .build();
  }

  /** One of the dimensions may be -1: what is left for it. */
  private String floats(String name, float[] values, int... shape) {
    ByteBuffer raw =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    TensorProto.Builder tensor = tensor(name, TensorProto.DataType.FLOAT, raw.array());
    int known = 1;
    for (int dimension : shape) {
      known *= Math.max(1, dimension);
    }
    for (int dimension : shape) {
      tensor.addDims(dimension < 0 ? values.length / known : dimension);
    }
    graph.addInitializer(tensor);
    return name;
  }

  private void bytes(String name, byte[] values, int... shape) {
    TensorProto.Builder tensor = tensor(name, TensorProto.DataType.INT8, values);
    for (int dimension : shape) {
      tensor.addDims(dimension);
    }
    graph.addInitializer(tensor);
  }

  private void vector(String name, long value) {
    graph.addInitializer(wide(name, value).addDims(1));
  }

  private void scalar(String name, long value) {
    graph.addInitializer(wide(name, value));
  }

  private static TensorProto.Builder wide(String name, long value) {
    return tensor(
        name,
        TensorProto.DataType.INT64,
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  private static TensorProto.Builder tensor(String name, TensorProto.DataType type, byte[] raw) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.getNumber())
        .setRawData(ByteString.copyFrom(raw));
  }
}
