package dev.valence.training;

import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.SparseSoftmaxCrossEntropyWithLogits;
import org.tensorflow.types.TFloat32;

/**
 * Gradients that TensorFlow derives, and the one among them that its C++ library lacks. TensorFlow
 * Java 1.1.0 takes ten such registrations in all and crashes at the eleventh, so they are made once
 * for the process.
 */
final class Gradients {
  static {
    TensorFlow.registerCustomGradient(
        SparseSoftmaxCrossEntropyWithLogits.Inputs.class, Gradients::crossEntropy);
  }

  private Gradients() {}

  /** Registers the gradient, the first time that it is called. */
  private static void register() {
    // The class initialiser has done it.
  }

  /**
   * Gradients of one number.
   *
   * @param loss scalar
   * @param at what it depends on, the gradient of each by ways that do not lead through another
   */
  static List<Operand<TFloat32>> of(Ops tf, Operand<TFloat32> loss, List<Operand<TFloat32>> at) {
    register();
    Graph graph = (Graph) tf.scope().env();
    return operands(graph.addGradients(loss.asOutput(), outputs(at)));
  }

  /**
   * Takes a gradient one operation or more further down.
   *
   * @param above what the gradient is of
   * @param below what {@code above} was computed from; may be the same
   * @param gradient like {@code above}
   * @return like {@code below}
   */
  static Operand<TFloat32> through(
      Ops tf, Operand<TFloat32> above, Operand<TFloat32> below, Operand<TFloat32> gradient) {
    if (above == below) {
      return gradient;
    }
    register();
    Graph graph = (Graph) tf.scope().env();
    return operands(
            graph.addGradients(
                null, outputs(List.of(above)), outputs(List.of(below)), outputs(List.of(gradient))))
        .get(0);
  }

  private static Output<?>[] outputs(List<Operand<TFloat32>> operands) {
    return operands.stream().map(Operand::asOutput).toArray(Output<?>[]::new);
  }

  private static List<Operand<TFloat32>> operands(Output<?>[] outputs) {
    return Arrays.stream(outputs)
        .<Operand<TFloat32>>map(output -> output.expect(TFloat32.class))
        .toList();
  }

  /** The op computes softmax minus one-hot beside the loss; its gradient scales those rows. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static List<Operand<?>> crossEntropy(
      Ops tf, SparseSoftmaxCrossEntropyWithLogits.Inputs op, List<Output<?>> outputGradients) {
    SparseSoftmaxCrossEntropyWithLogits.Inputs<TFloat32> in = op;
    Operand<TFloat32> lossGradient = (Output<TFloat32>) outputGradients.get(0);
    Operand<TFloat32> logits =
        tf.math.mul(tf.expandDims(lossGradient, tf.constant(1)), in.getOutputs().backprop());
    return List.of(logits, tf.zerosLike(in.labels));
  }
}
