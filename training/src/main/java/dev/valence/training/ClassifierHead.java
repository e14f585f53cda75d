package dev.valence.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What stands above the encoder in a classifier: {@code [last, max, mean]} pooling over a review's
 * own time steps (Howard and Ruder, 2018, section 3.3), a hidden layer of rectifiers, and a logit
 * for each label.
 *
 * @param hiddenWeights {@code [3 * width, head size]}
 * @param hiddenBias {@code [head size]}
 * @param labelWeights {@code [head size, labels]}
 * @param labelBias {@code [labels]}
 */
record ClassifierHead(
    Operand<TFloat32> hiddenWeights,
    Operand<TFloat32> hiddenBias,
    Operand<TFloat32> labelWeights,
    Operand<TFloat32> labelBias) {
  static final String HIDDEN_WEIGHTS = "head.hidden.weights";
  static final String HIDDEN_BIAS = "head.hidden.bias";
  static final String LABEL_WEIGHTS = "head.label.weights";
  static final String LABEL_BIAS = "head.label.bias";

  private static final int POOLED = 300;
  private static final int HIDDEN = 301;
  private static final double HIDDEN_DROPOUT = 0.1;
  private static final float FAR_BELOW = -1e9f;

  /** Fresh weights for a number of labels. */
  static Parameters parameters(Hyperparameters numbers, int labels) {
    Random random = new Random(numbers.seed() + 1);
    Map<String, Parameters.Array> arrays = new LinkedHashMap<>();
    arrays.put(HIDDEN_WEIGHTS, Parameters.dense(random, 3 * numbers.emSz(), numbers.headSize()));
    arrays.put(HIDDEN_BIAS, Parameters.zeros(numbers.headSize()));
    arrays.put(LABEL_WEIGHTS, Parameters.dense(random, numbers.headSize(), labels));
    arrays.put(LABEL_BIAS, Parameters.zeros(labels));
    return new Parameters(arrays);
  }

  /** The head's logits {@code [batch, labels]} for what {@link #pool} gave. */
  Operand<TFloat32> logits(Ops tf, Operand<TFloat32> pooled, Dropouts dropouts) {
    Operand<TFloat32> dropped = dropouts.features(tf, pooled, dropouts.output(), POOLED);
    Operand<TFloat32> hidden =
        tf.nn.relu(tf.math.add(tf.linalg.matMul(dropped, hiddenWeights), hiddenBias));
    double share = dropouts.output() == 0 ? 0 : HIDDEN_DROPOUT;
    return tf.math.add(
        tf.linalg.matMul(dropouts.features(tf, hidden, share, HIDDEN), labelWeights), labelBias);
  }

  /**
   * Pools what the encoder gave, so that padding changes nothing.
   *
   * @param sequence {@code [time, batch, width]}
   * @param lengths {@code [batch]}, each at least 1
   * @return {@code [batch, 3 * width]}
   */
  static Operand<TFloat32> pool(Ops tf, Operand<TFloat32> sequence, Operand<TInt32> lengths) {
    Operand<TInt32> time =
        tf.reshape(tf.slice(tf.shape(sequence), tf.array(0), tf.array(1)), tf.array(new int[0]));
    Operand<TInt32> positions =
        tf.expandDims(tf.range(tf.constant(0), time, tf.constant(1)), tf.constant(1));
    Operand<TInt32> ends = tf.expandDims(lengths, tf.constant(0));
    Operand<TFloat32> inside = mask(tf, tf.math.less(positions, ends));
    Operand<TFloat32> atEnd = mask(tf, tf.math.equal(positions, tf.math.sub(ends, tf.constant(1))));

    Operand<TFloat32> last = tf.sum(tf.math.mul(sequence, atEnd), tf.array(0));
    Operand<TFloat32> outside =
        tf.math.mul(tf.math.sub(tf.constant(1f), inside), tf.constant(FAR_BELOW));
    Operand<TFloat32> max = tf.reduceMax(tf.math.add(sequence, outside), tf.array(0));
    Operand<TFloat32> count =
        tf.expandDims(tf.dtypes.cast(lengths, TFloat32.class), tf.constant(1));
    Operand<TFloat32> mean = tf.math.div(tf.sum(tf.math.mul(sequence, inside), tf.array(0)), count);
    return tf.concat(List.of(last, max, mean), tf.constant(1));
  }

  /** {@code [time, batch]} of truth to {@code [time, batch, 1]} of ones and zeros. */
  private static Operand<TFloat32> mask(Ops tf, Operand<org.tensorflow.types.TBool> truth) {
    return tf.expandDims(tf.dtypes.cast(truth, TFloat32.class), tf.constant(2));
  }
}
