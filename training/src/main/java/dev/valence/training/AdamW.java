package dev.valence.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.math.Div;
import org.tensorflow.op.math.Sqrt;
import org.tensorflow.types.TFloat32;

/**
 * Adam (Kingma and Ba, ICLR 2015) with weight decay apart from the gradient (Loshchilov and Hutter,
 * ICLR 2019), after the gradient was cut to a global norm. The two moments of every weight are
 * variables, so that a checkpoint holds them.
 */
final class AdamW {
  private static final float EPSILON = 1e-8f;

  private final double beta1;
  private final double beta2;
  private final Placeholder<TFloat32> rate;
  private final Placeholder<TFloat32> beta1Power;
  private final Placeholder<TFloat32> beta2Power;
  private final Sqrt<TFloat32> norm;
  private final List<Op> updates = new ArrayList<>();
  private final Variables moments;

  /**
   * Adds an update to the graph.
   *
   * @param name tells the moments of several updates of one graph apart
   * @param gradients of the weights, by name; of some that are not updated, perhaps
   * @param trained the weights to update, each with the part of the learning rate that is its own
   */
  AdamW(
      Ops tf,
      String name,
      Map<String, Operand<TFloat32>> gradients,
      Variables variables,
      Map<String, Double> trained,
      Hyperparameters numbers) {
    this.beta1 = numbers.beta1();
    this.beta2 = numbers.beta2();
    this.rate = tf.placeholder(TFloat32.class);
    this.beta1Power = tf.placeholder(TFloat32.class);
    this.beta2Power = tf.placeholder(TFloat32.class);
    this.moments = new Variables(tf);

    List<Operand<TFloat32>> halfSquares = new ArrayList<>();
    for (String weight : trained.keySet()) {
      halfSquares.add(tf.nn.l2Loss(gradients.get(weight)));
    }
    norm = tf.math.sqrt(tf.math.mul(tf.constant(2f), tf.math.addN(halfSquares)));
    Operand<TFloat32> clip = tf.constant((float) numbers.clip());
    Div<TFloat32> scale = tf.math.div(clip, tf.math.maximum(norm, clip));

    for (String weight : trained.keySet()) {
      Variable<TFloat32> variable = variables.get(weight);
      Operand<TFloat32> own = tf.math.mul(rate, tf.constant(trained.get(weight).floatValue()));
      Operand<TFloat32> gradient = tf.math.mul(gradients.get(weight), scale);
      // Every gradient is known before the first weight changes: the norm waits for them all.
      Ops after = tf.withControlDependencies(scale);
      Operand<TFloat32> kept =
          tf.math.sub(tf.constant(1f), tf.math.mul(own, tf.constant((float) numbers.wds())));
      Op decay = tf.assign(variable, after.math.mul(variable, kept));
      Ops decayed = tf.withControlDependencies(decay);
      updates.add(
          decayed.train.applyAdam(
              variable,
              moments.add(name + ".m." + weight, variable.shape()),
              moments.add(name + ".v." + weight, variable.shape()),
              beta1Power,
              beta2Power,
              own,
              tf.constant((float) beta1),
              tf.constant((float) beta2),
              tf.constant(EPSILON),
              gradient));
    }
  }

  /** Sets the moments to zero, before the first step. */
  void initialise(Session session) {
    moments.assignZero(session);
  }

  /** Norm of the gradient before it was cut. */
  Sqrt<TFloat32> norm() {
    return norm;
  }

  /**
   * Adds the update to a run.
   *
   * @param learningRate of the last layer group
   * @param step counts from 1
   */
  Session.Runner update(
      Session.Runner runner, StepTensors tensors, double learningRate, long step) {
    updates.forEach(runner::addTarget);
    return runner
        .feed(rate, tensors.scalar(learningRate))
        .feed(beta1Power, tensors.scalar(Math.pow(beta1, step)))
        .feed(beta2Power, tensors.scalar(Math.pow(beta2, step)));
  }
}
