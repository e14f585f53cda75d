package dev.valence.training;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.BlockLSTM;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** An LSTM of an exported model in floats, {@code BlockLSTMV2}. */
final class FloatLstm {
  private final Ops tf;
  private final WideWeights.Layer layer;

  FloatLstm(Ops tf, WideWeights.Layer layer) {
    this.tf = tf;
    this.layer = layer;
  }

  /**
   * @param sequence {@code [steps, batch, width]}
   * @param cell after the last step {@code [batch, width]}
   * @param hidden after the last step {@code [batch, width]}
   */
  record Read(Operand<TFloat32> sequence, Operand<TFloat32> cell, Operand<TFloat32> hidden) {}

  /**
   * Reads some steps.
   *
   * @param inputs {@code [steps, batch, width in]}
   * @param cell before the first {@code [batch, width]}
   * @param hidden before the first {@code [batch, width]}
   */
  Read read(Operand<TFloat32> inputs, Operand<TFloat32> cell, Operand<TFloat32> hidden) {
    Operand<TInt64> steps =
        tf.gather(tf.shape(inputs, TInt64.class), tf.constant(0), tf.constant(0));
    Operand<TFloat32> noPeephole = tf.constant(new float[layer.width()]);
    BlockLSTM<TFloat32> lstm =
        BlockLSTM.create(
            tf.scope(),
            steps,
            inputs,
            cell,
            hidden,
            layer.matrix(),
            noPeephole,
            noPeephole,
            noPeephole,
            layer.bias());
    return new Read(lstm.h(), last(lstm.cs()), last(lstm.h()));
  }

  private Operand<TFloat32> last(Operand<TFloat32> sequence) {
    Operand<TInt32> steps = tf.gather(tf.shape(sequence), tf.constant(0), tf.constant(0));
    return tf.gather(sequence, tf.math.sub(steps, tf.constant(1)), tf.constant(0));
  }
}
