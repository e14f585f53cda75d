package dev.valence.training;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The cross entropy of words among a step's candidates, and its gradient.
 *
 * <p>The matrix of all logits is the largest in the step, so it is gone through as few times as can
 * be: what is the same for a row or for a column is multiplied into the narrow factors of the
 * products instead.
 */
final class SampledSoftmax {
  private final Ops tf;
  private final Products products;
  private final Operand<TFloat32> hidden;
  private final Operand<TFloat32> rows;
  private final Operand<TInt32> targets;
  private final Operand<TFloat32> targetRows;
  private final Operand<TFloat32> columnScale;
  private final Operand<TFloat32> powers;
  private final Operand<TFloat32> sums;
  private final Operand<TFloat32> loss;

  /**
   * @param hidden {@code [words, width]}
   * @param rows {@code [candidates, width]}
   * @param offsets {@code [candidates]}
   */
  record Gradient(Operand<TFloat32> hidden, Operand<TFloat32> rows, Operand<TFloat32> offsets) {}

  /**
   * @param hidden {@code [words, width]}
   * @param rows the candidates' weights {@code [candidates, width]}
   * @param offsets what is added to each candidate's logits {@code [candidates]}
   * @param targets position of each word among the candidates {@code [words]}
   */
  SampledSoftmax(
      Ops tf,
      Products products,
      Operand<TFloat32> hidden,
      Operand<TFloat32> rows,
      Operand<TFloat32> offsets,
      Operand<TInt32> targets) {
    this.tf = tf;
    this.products = products;
    this.hidden = hidden;
    this.rows = rows;
    this.targets = targets;
    targetRows = tf.gather(rows, targets, tf.constant(0));
    columnScale = tf.expandDims(tf.math.exp(offsets), tf.constant(1));

    Operand<TFloat32> logits = products.of(tf, hidden, tf.linalg.transpose(rows, tf.array(1, 0)));
    Operand<TFloat32> greatest = tf.reduceMax(logits, tf.array(1), ReduceMax.keepDims(true));
    powers = tf.math.exp(tf.math.sub(logits, greatest));
    sums = tf.linalg.matMul(powers, columnScale);
    Operand<TFloat32> normaliser = tf.math.add(greatest, tf.math.log(sums));
    Operand<TFloat32> own =
        tf.math.add(
            tf.sum(tf.math.mul(hidden, targetRows), tf.array(1)),
            tf.gather(offsets, targets, tf.constant(0)));
    loss = tf.math.sub(tf.math.mean(normaliser, tf.array(0, 1)), tf.math.mean(own, tf.array(0)));
  }

  /** Mean over the words in nats, a scalar. */
  Operand<TFloat32> loss() {
    return loss;
  }

  /**
   * The gradient of the loss.
   *
   * @param share what the loss is multiplied by
   */
  Gradient gradient(double share) {
    Operand<TFloat32> words = tf.dtypes.cast(tf.size(targets), TFloat32.class);
    Operand<TFloat32> each = tf.math.div(tf.constant((float) share), words);
    Operand<TFloat32> rowScale = tf.math.div(each, sums);

    Operand<TFloat32> expected =
        tf.math.mul(products.of(tf, powers, tf.math.mul(rows, columnScale)), rowScale);
    Operand<TFloat32> hiddenGradient = tf.math.sub(expected, tf.math.mul(targetRows, each));

    Operand<TInt32> candidates = tf.size(columnScale);
    Operand<TFloat32> read =
        tf.math.unsortedSegmentSum(tf.math.mul(hidden, each), targets, candidates);
    Operand<TFloat32> rowGradient =
        tf.math.sub(
            tf.math.mul(
                products.ofTransposed(tf, powers, tf.math.mul(hidden, rowScale)), columnScale),
            read);

    Operand<TFloat32> shares =
        tf.math.mul(tf.linalg.matMul(powers, rowScale, MatMul.transposeA(true)), columnScale);
    Operand<TFloat32> counts =
        tf.math.unsortedSegmentSum(tf.fill(tf.shape(targets), each), targets, candidates);
    Operand<TFloat32> offsetGradient = tf.math.sub(tf.reshape(shares, tf.array(-1)), counts);
    return new Gradient(hiddenGradient, rowGradient, offsetGradient);
  }
}
