package dev.valence.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * A moving average of a graph's weights over its steps, which judges better than the weights of any
 * one step (Polyak and Juditsky, 1992; as an exponential average, Tarvainen and Valpola, "Mean
 * teachers", NeurIPS 2017). It lies in variables of its own, so that a checkpoint holds it.
 */
final class WeightAverage {
  private static final String SCOPE = "average";

  private final double decay;
  private final Variables averages;
  private final Placeholder<TFloat32> share;
  private final List<Op> moves = new ArrayList<>();

  /**
   * Adds the average to the graph.
   *
   * @param decay part of the average that a step leaves, in [0, 1)
   * @param shapes of all weights
   */
  WeightAverage(Ops tf, Variables weights, Parameters shapes, double decay) {
    this.decay = decay;
    averages = new Variables(tf.withSubScope(SCOPE), shapes);
    share = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    weights
        .all()
        .forEach(
            (name, weight) ->
                moves.add(
                    tf.assignAdd(
                        averages.get(name),
                        tf.math.mul(tf.math.sub(weight, averages.get(name)), share))));
  }

  Variables variables() {
    return averages;
  }

  /**
   * Moves the average towards the weights as they are now. In the first steps it forgets faster, so
   * that the weights at the start do not linger.
   *
   * @param step counts from 1
   */
  void follow(Session session, long step) {
    double kept = Math.min(decay, (double) step / (step + 9));
    Session.Runner runner = session.runner();
    moves.forEach(runner::addTarget);
    try (TFloat32 moved = TFloat32.scalarOf((float) (1 - kept))) {
      runner.feed(share, moved).run().close();
    }
  }
}
