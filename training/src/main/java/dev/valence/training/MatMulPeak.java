package dev.valence.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * How fast this machine multiplies matrices of single precision and does nothing else, on as many
 * cores as there are towers.
 */
final class MatMulPeak {
  private static final double NANOS = 1e9;
  private static final double FLOP_PER_ROUND = 1.5e9;

  /** Products so small that they need more are no peak anyhow: the call takes longer. */
  private static final double MOST_REPETITIONS = 200;

  private MatMulPeak() {}

  /**
   * The fastest product among several shapes that a language model's step has, and a square one.
   *
   * @param rounds each shape is tried so often
   * @return FLOP/s, a multiplication with its addition being two
   */
  static double measure(Hyperparameters numbers, int towers, Device device, int rounds) {
    int words = numbers.bs() * numbers.bptt();
    int gates = 4 * numbers.nh();
    int[][] shapes = {
      {1024, 1024, 1024},
      {words, numbers.emSz() + numbers.nh(), gates},
      {words, gates, 2 * numbers.nh()},
      {numbers.bs(), 2 * numbers.nh(), gates},
      {numbers.bs(), gates, numbers.nh()}
    };
    double best = 0;
    for (int[] shape : shapes) {
      best = Math.max(best, of(shape, towers, device, rounds));
    }
    return best;
  }

  private static double of(int[] shape, int towers, Device device, int rounds) {
    double flop = 2.0 * shape[0] * shape[1] * shape[2] * towers;
    int repetitions = (int) Math.max(1, Math.min(MOST_REPETITIONS, FLOP_PER_ROUND * towers / flop));
    try (TowerSession session = new TowerSession(towers, device)) {
      Ops tf = session.ops();
      List<Op> products = new ArrayList<>();
      for (int tower = 0; tower < towers; tower++) {
        // Matrices of its own: TensorFlow computes the same product only once.
        Variable<TFloat32> a = filled(tf, session, tower, shape[0], shape[1]);
        Variable<TFloat32> b = filled(tf, session, tower, shape[1], shape[2]);
        products.add(tf.linalg.matMul(a, b));
      }
      double least = Double.POSITIVE_INFINITY;
      for (int round = 0; round <= rounds; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < repetitions; i++) {
          Session.Runner runner = session.runner();
          products.forEach(runner::addTarget);
          runner.run().close();
        }
        least = Math.min(least, (System.nanoTime() - start) / NANOS);
      }
      return flop * repetitions / least;
    }
  }

  private static Variable<TFloat32> filled(
      Ops tf, TowerSession session, int seed, int rows, int columns) {
    Variable<TFloat32> variable = tf.variable(Shape.of(rows, columns), TFloat32.class);
    Operand<TFloat32> values =
        tf.random.statelessRandomUniform(tf.array(rows, columns), tf.array(seed, columns));
    session.runner().addTarget((Op) tf.assign(variable, values)).run().close();
    return variable;
  }
}
