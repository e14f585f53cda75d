package dev.valence.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * The variables of an exported model, the same in each of its graphs: matrices of the encoder as
 * bytes of signed codes, what is small as floats.
 */
final class ExportedVariables {
  /**
   * A layer's variables, see {@link QuantizedWeights.Layer}.
   *
   * @param matrix {@code [width in + width, 4 * width]}
   * @param bias {@code [4 * width]}
   */
  record Layer(Operand<TUint8> matrix, Operand<TFloat32> bias) {}

  private final Ops tf;
  private final Placeholder<TUint8> bytes;
  private final Placeholder<TFloat32> floats;
  private final Map<Op, QuantizedWeights.Codes> codeValues = new LinkedHashMap<>();
  private final Map<Op, Parameters.Array> floatValues = new LinkedHashMap<>();

  private final Operand<TUint8> embedding;
  private final List<Layer> layers = new ArrayList<>();
  private final ClassifierHead head;

  ExportedVariables(Ops tf, QuantizedWeights weights, Parameters parameters) {
    this.tf = tf;
    this.bytes = tf.placeholder(TUint8.class);
    this.floats = tf.placeholder(TFloat32.class);
    this.embedding = codes(Parameters.EMBEDDING, weights.embedding());
    for (int i = 0; i < weights.layers().size(); i++) {
      QuantizedWeights.Layer layer = weights.layers().get(i);
      layers.add(
          new Layer(
              codes(Parameters.lstm(i, "matrix"), layer.matrix()),
              vector(Parameters.lstm(i, "bias"), layer.bias())));
    }
    this.head =
        new ClassifierHead(
            copy(parameters, ClassifierHead.MEAN),
            copy(parameters, ClassifierHead.SCALE),
            copy(parameters, ClassifierHead.HIDDEN_WEIGHTS),
            copy(parameters, ClassifierHead.HIDDEN_BIAS),
            copy(parameters, ClassifierHead.LABEL_WEIGHTS),
            copy(parameters, ClassifierHead.LABEL_BIAS));
  }

  /** {@code [vocabulary, width 0]}. */
  Operand<TUint8> embedding() {
    return embedding;
  }

  /** From the bottom. */
  List<Layer> layers() {
    return layers;
  }

  ClassifierHead head() {
    return head;
  }

  /** Gives all of them their values. */
  void assign(Session session) {
    codeValues.forEach(
        (assignment, codes) -> {
          try (TUint8 tensor =
              TUint8.tensorOf(
                  Shape.of(codes.rows(), codes.columns()),
                  DataBuffers.of(codes.values(), true, false))) {
            session.runner().feed(bytes, tensor).addTarget(assignment).run().close();
          }
        });
    floatValues.forEach(
        (assignment, array) -> {
          try (TFloat32 tensor =
              TFloat32.tensorOf(
                  Shape.of(array.shape()), DataBuffers.of(array.values(), true, false))) {
            session.runner().feed(floats, tensor).addTarget(assignment).run().close();
          }
        });
  }

  private Operand<TUint8> codes(String name, QuantizedWeights.Codes codes) {
    Variable<TUint8> variable =
        tf.withName(name).variable(Shape.of(codes.rows(), codes.columns()), TUint8.class);
    codeValues.put(tf.assign(variable, bytes), codes);
    return variable;
  }

  private Operand<TFloat32> copy(Parameters parameters, String name) {
    return floats(name, parameters.byName().get(name));
  }

  private Operand<TFloat32> vector(String name, float[] values) {
    return floats(name, new Parameters.Array(new long[] {values.length}, values));
  }

  private Operand<TFloat32> floats(String name, Parameters.Array array) {
    Variable<TFloat32> variable =
        tf.withName(name).variable(Shape.of(array.shape()), TFloat32.class);
    floatValues.put(tf.assign(variable, floats), array);
    return variable;
  }
}
