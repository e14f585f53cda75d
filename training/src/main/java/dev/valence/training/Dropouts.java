package dev.valence.training;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The dropouts of the AWD-LSTM (Merity et al., section 4). Masks come from stateless generators, so
 * that the same seed of a step drops the same units, on the first run and on a resumed one.
 *
 * @param seed of this step {@code [2]}, or null to drop nothing
 * @param stream a number that differs between towers, which then drop differently
 */
record Dropouts(
    Operand<TInt32> seed,
    int stream,
    double input,
    double output,
    double weights,
    double embedding,
    double layers) {
  private static final int INPUT = 1;
  private static final int OUTPUT = 2;
  private static final int EMBEDDING = 3;
  private static final int WEIGHTS = 200;
  private static final int LAYERS = 100;

  static Dropouts of(Hyperparameters numbers, Operand<TInt32> seed, int stream) {
    double times = numbers.dropMult();
    return new Dropouts(
        seed,
        stream,
        numbers.dropouti() * times,
        numbers.dropout() * times,
        numbers.wdrop() * times,
        numbers.dropoute() * times,
        numbers.dropouth() * times);
  }

  /** Drops nothing. */
  static Dropouts none() {
    return new Dropouts(null, 0, 0, 0, 0, 0, 0);
  }

  /** DropConnect on the hidden-to-hidden matrix of a layer, one mask for all time steps. */
  Operand<TFloat32> hiddenWeights(Ops tf, Operand<TFloat32> matrix, int layer) {
    return drop(tf, matrix, tf.shape(matrix), weights, WEIGHTS + layer);
  }

  /** Drops whole words: all occurrences of a word in the batch together. */
  Operand<TFloat32> words(
      Ops tf, Operand<TFloat32> embedded, Operand<TInt32> tokens, Operand<TFloat32> table) {
    if (seed == null || embedding == 0) {
      return embedded;
    }
    Operand<TInt32> rows =
        tf.concat(
            List.of(tf.slice(tf.shape(table), tf.array(0), tf.array(1)), tf.array(1)),
            tf.constant(0));
    Operand<TFloat32> mask = mask(tf, rows, embedding, EMBEDDING);
    return tf.math.mul(embedded, tf.gather(mask, tokens, tf.constant(0)));
  }

  /** Of the embedded input {@code [time, batch, width]}. */
  Operand<TFloat32> input(Ops tf, Operand<TFloat32> sequence) {
    return locked(tf, sequence, input, INPUT);
  }

  /** Between layer {@code below} and the next. */
  Operand<TFloat32> betweenLayers(Ops tf, Operand<TFloat32> sequence, int below) {
    return locked(tf, sequence, layers, LAYERS + below);
  }

  /** Of the last layer's output. */
  Operand<TFloat32> output(Ops tf, Operand<TFloat32> sequence) {
    return locked(tf, sequence, output, OUTPUT);
  }

  /**
   * Variational dropout (Gal and Ghahramani, 2016): one mask {@code [1, batch, width]} for all time
   * steps.
   */
  private Operand<TFloat32> locked(Ops tf, Operand<TFloat32> sequence, double share, int which) {
    Operand<TInt32> shape =
        tf.concat(
            List.of(tf.array(1), tf.slice(tf.shape(sequence), tf.array(1), tf.array(2))),
            tf.constant(0));
    return drop(tf, sequence, shape, share, which);
  }

  /**
   * Drops a share of the entries of a matrix of features {@code [batch, width]}, for the layers
   * above the encoder.
   */
  Operand<TFloat32> features(Ops tf, Operand<TFloat32> features, double share, int which) {
    return drop(tf, features, tf.shape(features), share, which);
  }

  private Operand<TFloat32> drop(
      Ops tf, Operand<TFloat32> value, Operand<TInt32> shape, double share, int which) {
    return seed == null || share == 0 ? value : tf.math.mul(value, mask(tf, shape, share, which));
  }

  private Operand<TFloat32> mask(Ops tf, Operand<TInt32> shape, double share, int which) {
    Operand<TInt32> own = tf.math.add(seed, tf.array(0, 1_000 * stream + which));
    Operand<TFloat32> uniform = tf.random.statelessRandomUniform(shape, own);
    Operand<TFloat32> kept = tf.math.floor(tf.math.add(uniform, tf.constant((float) (1 - share))));
    return tf.math.mul(kept, tf.constant((float) (1 / (1 - share))));
  }
}
