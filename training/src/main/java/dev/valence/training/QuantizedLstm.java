package dev.valence.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * An LSTM that multiplies codes: in each step one product for its three gates and one for what may
 * enter the cell, each with its activation, over inputs and last outputs side by side. The steps
 * are unrolled. The cell stays in floats.
 */
final class QuantizedLstm {
  private final Ops tf;
  private final QuantizedOps quantized;
  private final QuantizedWeights.Layer weights;
  private final ExportedVariables.Layer variables;
  private final Output<?> gateCodes;
  private final Output<?> candidateCodes;

  QuantizedLstm(Ops tf, QuantizedWeights.Layer weights, ExportedVariables.Layer variables) {
    this.tf = tf;
    this.quantized = new QuantizedOps(tf);
    this.weights = weights;
    this.variables = variables;
    this.gateCodes = quantized.codes(variables.gates());
    this.candidateCodes = quantized.codes(variables.candidate());
  }

  /**
   * What a layer made of some steps.
   *
   * @param values of each step {@code [batch, width]}
   * @param codes of the same
   * @param cell after the last step {@code [batch, width]}
   */
  record Read(List<Operand<TFloat32>> values, List<Output<?>> codes, Operand<TFloat32> cell) {
    Operand<TFloat32> hidden() {
      return values.get(values.size() - 1);
    }
  }

  /**
   * Reads some steps.
   *
   * @param inputs codes of each step {@code [batch, width in]}
   * @param cell before the first {@code [batch, width]}
   * @param hidden before the first {@code [batch, width]}
   */
  Read read(List<Output<?>> inputs, Operand<TFloat32> cell, Operand<TFloat32> hidden) {
    List<Operand<TFloat32>> values = new ArrayList<>();
    List<Output<?>> codes = new ArrayList<>();
    Operand<TFloat32> memory = cell;
    Output<?> last = quantized.quantize(hidden);
    for (Output<?> input : inputs) {
      Output<?> both = quantized.concat(input, last);
      List<Output<TFloat32>> gates =
          tf.split(
                  tf.constant(1),
                  quantized.product(
                      both, gateCodes, weights.gateSteps(), variables.gateBias(), "Sigmoid"),
                  3L)
              .output();
      Operand<TFloat32> candidate =
          quantized.product(
              both, candidateCodes, weights.candidateSteps(), variables.candidateBias(), "Tanh");
      memory = tf.math.add(tf.math.mul(gates.get(1), memory), tf.math.mul(gates.get(0), candidate));
      Operand<TFloat32> value = tf.math.mul(gates.get(2), tf.math.tanh(memory));
      last = quantized.quantize(value);
      values.add(value);
      codes.add(last);
    }
    return new Read(values, codes, memory);
  }
}
