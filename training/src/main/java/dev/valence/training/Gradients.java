package dev.valence.training;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.op.Scope;
import org.tensorflow.op.nn.BlockLSTM;
import org.tensorflow.op.nn.BlockLSTMGrad;
import org.tensorflow.op.nn.SparseSoftmaxCrossEntropyWithLogits;
import org.tensorflow.types.TFloat32;

/**
 * The two gradients that TensorFlow's C++ library lacks. TensorFlow Java 1.1.0 takes ten such
 * registrations in all and crashes at the eleventh, so they are made once for the process.
 */
final class Gradients {
  private static final int CELL_STATE = 1;
  private static final int HIDDEN_STATE = 6;

  static {
    TensorFlow.registerCustomGradient(BlockLSTM.Inputs.class, Gradients::blockLstm);
    TensorFlow.registerCustomGradient(
        SparseSoftmaxCrossEntropyWithLogits.Inputs.class, Gradients::crossEntropy);
  }

  private Gradients() {}

  /** Registers the gradients, the first time that it is called. */
  static void register() {
    // The class initialiser has done it.
  }

  /**
   * Gradient of the LSTM over all time steps. Only the hidden state may enter a loss: TensorFlow
   * Java cannot say that an output has no gradient, so that of the cell state is taken to be zero.
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static List<Operand<?>> blockLstm(
      Ops tf, BlockLSTM.Inputs op, List<Output<?>> outputGradients) {
    BlockLSTM.Inputs<TFloat32> in = op;
    BlockLSTM<TFloat32> out = in.getOutputs();
    Output<TFloat32> hGradient = (Output<TFloat32>) outputGradients.get(HIDDEN_STATE);
    Scope scope = tf.scope();
    BlockLSTMGrad<TFloat32> gradient =
        BlockLSTMGrad.create(
            scope,
            in.seqLenMax,
            in.x,
            in.csPrev,
            in.hPrev,
            in.w,
            in.wci,
            in.wcf,
            in.wco,
            in.b,
            out.i(),
            out.cs(),
            out.f(),
            out.o(),
            out.ci(),
            out.co(),
            out.h(),
            tf.zerosLike(out.op().output(CELL_STATE)),
            hGradient,
            in.usePeephole);
    return List.of(
        tf.zerosLike(in.seqLenMax),
        gradient.xGrad(),
        gradient.csPrevGrad(),
        gradient.hPrevGrad(),
        gradient.wGrad(),
        gradient.wciGrad(),
        gradient.wcfGrad(),
        gradient.wcoGrad(),
        gradient.bGrad());
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
