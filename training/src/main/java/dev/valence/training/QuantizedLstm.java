package dev.valence.training;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * An LSTM that multiplies codes: in each step one product with its activation, over inputs and last
 * outputs side by side. The cell stays in floats.
 *
 * <p>What may enter the cell takes part in the product of the gates, since {@code tanh(x) = 2
 * sigmoid(2x) - 1}: to begin another product takes a third of the time of multiplying one review.
 */
final class QuantizedLstm {
  private final Ops tf;
  private final QuantizedOps quantized;
  private final QuantizedWeights.Layer weights;
  private final Operand<TUint8> matrix;

  /**
   * @param matrix value of the weights' matrix where {@code tf} builds
   */
  QuantizedLstm(Ops tf, QuantizedWeights.Layer weights, Operand<TUint8> matrix) {
    this.tf = tf;
    this.quantized = new QuantizedOps(tf);
    this.weights = weights;
    this.matrix = matrix;
  }

  /**
   * Between two steps.
   *
   * @param cell {@code [batch, width]}
   * @param codes of the output {@code [batch, width]}
   */
  record State(Operand<TFloat32> cell, Output<?> codes) {}

  /**
   * After a step.
   *
   * @param output {@code [batch, width]}
   */
  record Read(State state, Operand<TFloat32> output) {}

  /**
   * Reads a step.
   *
   * @param input codes {@code [batch, width in]}
   */
  Read read(Output<?> input, State before) {
    Output<?> both = quantized.concat(input, before.codes());
    List<Output<TFloat32>> gates =
        tf.split(
                tf.constant(1),
                quantized.sigmoid(
                    both,
                    quantized.weightCodes(matrix),
                    doubled(weights.steps()),
                    doubled(weights.biasOfUnsigned())),
                4L)
            .output();
    Operand<TFloat32> candidate =
        tf.math.sub(tf.math.add(gates.get(2), gates.get(2)), tf.constant(1f));
    Operand<TFloat32> cell =
        tf.math.add(tf.math.mul(gates.get(1), before.cell()), tf.math.mul(gates.get(0), candidate));
    Operand<TFloat32> output = tf.math.mul(gates.get(3), tf.math.tanh(cell));
    return new Read(new State(cell, quantized.quantize(output)), output);
  }

  /** For {@code 2x}, where x is what may enter the cell: exact, since 2 is a power of two. */
  private static float[] doubled(float[] gates) {
    float[] values = gates.clone();
    int width = gates.length / 4;
    for (int i = 2 * width; i < 3 * width; i++) {
      values[i] *= 2;
    }
    return values;
  }
}
