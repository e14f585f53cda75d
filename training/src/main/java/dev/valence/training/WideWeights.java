package dev.valence.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.NoOp;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * An exported encoder's matrices as floats. The SavedModel's init operation computes them once,
 * into resource variables, which the saver does not see: widened in each call they would cost a
 * tenth of it.
 */
final class WideWeights {
  /**
   * A layer for {@code BlockLSTMV2}.
   *
   * @param matrix {@code [width in + width, 4 * width]}, gates in the order i, f, c, o
   * @param bias {@code [4 * width]}
   * @param width of the layer
   */
  record Layer(Operand<TFloat32> matrix, Operand<TFloat32> bias, int width) {}

  private final Ops tf;
  private final QuantizedOps quantized;
  private final List<Layer> layers = new ArrayList<>();
  private final List<Op> assignments = new ArrayList<>();

  WideWeights(Ops tf, QuantizedWeights weights, ExportedVariables variables) {
    this.tf = tf;
    this.quantized = new QuantizedOps(tf);
    for (int i = 0; i < weights.layers().size(); i++) {
      layers.add(layer(i, weights.layers().get(i), variables.layers().get(i)));
    }
  }

  /** From the bottom. */
  List<Layer> layers() {
    return layers;
  }

  /** Computes them. */
  NoOp init() {
    return tf.withControlDependencies(assignments).withName("init_wide_weights").noOp();
  }

  private Layer layer(int index, QuantizedWeights.Layer layer, ExportedVariables.Layer stored) {
    int width = layer.width();
    return new Layer(
        once(
            Parameters.lstm(index, "wide.matrix"),
            wide(stored.matrix(), layer),
            Shape.of(layer.inputWidth() + width, 4L * width)),
        stored.bias(),
        width);
  }

  /** Codes to weights: times the value of two codes, by the value of what the row multiplies. */
  private Operand<TFloat32> wide(Operand<TUint8> codes, QuantizedWeights.Layer layer) {
    float[] perInput = new float[layer.inputWidth() + layer.width()];
    Arrays.fill(perInput, 1 / QuantizedWeights.ACTIVATION_STEP);
    Arrays.fill(perInput, 0, layer.inputWidth(), 1 / layer.inputStep());
    Operand<TFloat32> rows = tf.expandDims(tf.constant(perInput), tf.constant(1));
    return tf.math.mul(tf.math.mul(quantized.numbers(codes), tf.constant(layer.steps())), rows);
  }

  private Operand<TFloat32> once(String name, Operand<TFloat32> value, Shape shape) {
    VarHandleOp variable =
        tf.withName(name).varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
    assignments.add(tf.assignVariableOp(variable, value));
    return tf.readVariableOp(variable, TFloat32.class);
  }
}
