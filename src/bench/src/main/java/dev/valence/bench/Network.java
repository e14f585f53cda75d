package dev.valence.bench;

import dev.valence.text.ReadingOrder;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A classifier as numbers, so that other engines can be given the same one.
 *
 * @param order that reviews are read in
 * @param embedding {@code [vocabulary, inputs of the first layer]}
 * @param layers from the bottom
 * @param head above them
 */
record Network(ReadingOrder order, float[] embedding, List<Layer> layers, Head head) {

  /** Gates stand side by side in the columns of an LSTM's matrix. */
  private static final int GATES = 4;

  /** Where PyTorch's gates i, f, g, o stand in a layer's columns. */
  static final List<Integer> TORCH_ORDER = List.of(0, 1, 2, 3);

  /** Where ONNX's gates i, o, f, c stand in a layer's columns. */
  static final List<Integer> ONNX_ORDER = List.of(0, 3, 1, 2);

  /**
   * An LSTM.
   *
   * @param inputs values that it reads in a step
   * @param width of its output
   * @param matrix {@code [inputs + width, 4 * width]}, the gates in the order i, f, c, o
   * @param bias {@code [4 * width]}
   */
  record Layer(int inputs, int width, float[] matrix, float[] bias) {

    /** Rows of the matrix that belong to the inputs, {@code [inputs, 4 * width]}. */
    float[] inputMatrix(List<Integer> order) {
      return reordered(matrix, 0, inputs, order);
    }

    /** Rows of the matrix that belong to the last output, {@code [width, 4 * width]}. */
    float[] hiddenMatrix(List<Integer> order) {
      return reordered(matrix, inputs, width, order);
    }

    /** {@code [4 * width]}. */
    float[] bias(List<Integer> order) {
      return reordered(bias, 0, 1, order);
    }

    private float[] reordered(float[] rows, int from, int count, List<Integer> order) {
      int columns = GATES * width;
      float[] values = new float[count * columns];
      for (int row = 0; row < count; row++) {
        for (int gate = 0; gate < GATES; gate++) {
          System.arraycopy(
              rows,
              (from + row) * columns + order.get(gate) * width,
              values,
              row * columns + gate * width,
              width);
        }
      }
      return values;
    }
  }

  /**
   * What stands above the LSTMs: features are the last, greatest and mean output of the top one.
   *
   * @param mean of the features {@code [3 * width]}
   * @param scale of the features {@code [3 * width]}
   * @param hiddenWeights {@code [3 * width, hidden]}
   * @param hiddenBias {@code [hidden]}
   * @param labelWeights {@code [hidden, labels]}
   * @param labelBias {@code [labels]}
   * @param temperature that the logits are divided by
   */
  record Head(
      float[] mean,
      float[] scale,
      float[] hiddenWeights,
      float[] hiddenBias,
      float[] labelWeights,
      float[] labelBias,
      float temperature) {

    int hidden() {
      return hiddenBias.length;
    }

    int labels() {
      return labelBias.length;
    }
  }

  int vocabulary() {
    return embedding.length / layers.get(0).inputs();
  }

  /** {@code [columns, rows]} of {@code [rows, columns]}. */
  static float[] transposed(float[] matrix, int rows) {
    int columns = matrix.length / rows;
    float[] values = new float[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        values[column * rows + row] = matrix[row * columns + column];
      }
    }
    return values;
  }

  /** Rows, inner and columns of the products that a batch of so many reviews asks for in a step. */
  int[][] products(int reviews) {
    return layers.stream()
        .map(layer -> new int[] {reviews, layer.inputs() + layer.width(), GATES * layer.width()})
        .toArray(int[][]::new);
  }

  /** FLOP of the LSTMs' products for one token, a multiplication with its addition being two. */
  double flopPerToken() {
    double products = 0;
    for (int[] shape : products(1)) {
      products += (double) shape[1] * shape[2];
    }
    return 2 * products;
  }

  void write(Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeUTF(order.name());
      write(out, embedding);
      out.writeInt(layers.size());
      for (Layer layer : layers) {
        out.writeInt(layer.inputs());
        out.writeInt(layer.width());
        write(out, layer.matrix());
        write(out, layer.bias());
      }
      write(out, head.mean());
      write(out, head.scale());
      write(out, head.hiddenWeights());
      write(out, head.hiddenBias());
      write(out, head.labelWeights());
      write(out, head.labelBias());
      out.writeFloat(head.temperature());
    }
  }

  static Network read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      ReadingOrder order = ReadingOrder.valueOf(in.readUTF());
      float[] embedding = floats(in);
      List<Layer> layers = new ArrayList<>();
      int count = in.readInt();
      for (int layer = 0; layer < count; layer++) {
        layers.add(new Layer(in.readInt(), in.readInt(), floats(in), floats(in)));
      }
      Head head =
          new Head(
              floats(in),
              floats(in),
              floats(in),
              floats(in),
              floats(in),
              floats(in),
              in.readFloat());
      return new Network(order, embedding, List.copyOf(layers), head);
    }
  }

  private static void write(DataOutputStream out, float[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.asFloatBuffer().put(values);
    out.writeInt(values.length);
    out.write(bytes.array());
  }

  private static float[] floats(DataInputStream in) throws IOException {
    float[] values = new float[in.readInt()];
    byte[] bytes = in.readNBytes(Float.BYTES * values.length);
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }
}
