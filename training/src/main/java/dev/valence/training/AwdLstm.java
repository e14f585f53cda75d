package dev.valence.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.BlockLSTM;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * The AWD-LSTM's layers as TensorFlow graph (Merity, Keskar and Socher, 2018): embedding, then
 * LSTMs without peepholes, each with the dropouts of the paper's section 4.
 *
 * <p>With {@link Dropouts#none()} the graph is the deterministic one that is exported.
 */
final class AwdLstm {
  private final Ops tf;
  private final List<Layer> layers;
  private final Dropouts dropouts;
  private final List<Operand<TFloat32>> lstmMatrices;

  /**
   * @param input {@code [width in, 4 * width]}, gates in the order i, f, c, o
   * @param hidden {@code [width, 4 * width]}
   * @param bias {@code [4 * width]}
   */
  record Layer(Operand<TFloat32> input, Operand<TFloat32> hidden, Operand<TFloat32> bias) {
    int width() {
      return Math.toIntExact(hidden.shape().get(0));
    }
  }

  /**
   * State between two stretches of text.
   *
   * @param cell {@code [batch, width]} a layer
   * @param hidden {@code [batch, width]} a layer
   */
  record State(List<Operand<TFloat32>> cell, List<Operand<TFloat32>> hidden) {}

  /**
   * @param raw last layer's output {@code [time, batch, width]}
   * @param dropped the same after {@code dropout}
   * @param state after the last time step
   */
  record Output(Operand<TFloat32> raw, Operand<TFloat32> dropped, State state) {}

  AwdLstm(Ops tf, List<Layer> layers, Dropouts dropouts) {
    this.tf = tf;
    this.layers = layers;
    this.dropouts = dropouts;
    this.lstmMatrices = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      Operand<TFloat32> hidden = dropouts.hiddenWeights(tf, layer.hidden(), i);
      lstmMatrices.add(tf.concat(List.of(layer.input(), hidden), tf.constant(0)));
    }
  }

  /**
   * Looks tokens up.
   *
   * @param table {@code [vocabulary, width 0]}
   * @param tokens ids {@code [time, batch]}
   * @return {@code [time, batch, width 0]}, dropped words as zeros
   */
  Operand<TFloat32> embed(Operand<TFloat32> table, Operand<TInt32> tokens) {
    return dropouts.words(tf, tf.gather(table, tokens, tf.constant(0)), tokens, table);
  }

  /**
   * Reads a batch.
   *
   * @param embedded {@code [time, batch, width 0]}
   * @param initial state before the first time step
   */
  Output read(Operand<TFloat32> embedded, State initial) {
    Operand<TInt64> steps = first(tf.shape(embedded, TInt64.class));
    Operand<TFloat32> output = dropouts.input(tf, embedded);
    List<Operand<TFloat32>> cells = new ArrayList<>();
    List<Operand<TFloat32>> hiddens = new ArrayList<>();
    Operand<TFloat32> dropped = output;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      Operand<TFloat32> peephole = tf.zeros(tf.array(layer.width()), TFloat32.class);
      BlockLSTM<TFloat32> lstm =
          BlockLSTM.create(
              tf.scope(),
              steps,
              dropped,
              initial.cell().get(i),
              initial.hidden().get(i),
              lstmMatrices.get(i),
              peephole,
              peephole,
              peephole,
              layer.bias());
      output = lstm.h();
      cells.add(last(lstm.cs()));
      hiddens.add(last(lstm.h()));
      boolean top = i == layers.size() - 1;
      dropped = top ? dropouts.output(tf, output) : dropouts.betweenLayers(tf, output, i);
    }
    return new Output(output, dropped, new State(cells, hiddens));
  }

  /** A state of zeros for the columns of {@code tokens} {@code [time, batch]}. */
  State zeroState(Operand<TInt32> tokens) {
    Operand<TInt32> batch = tf.slice(tf.shape(tokens), tf.array(1), tf.array(1));
    List<Operand<TFloat32>> zeros = new ArrayList<>();
    for (Layer layer : layers) {
      zeros.add(
          tf.zeros(
              tf.concat(List.of(batch, tf.array(layer.width())), tf.constant(0)), TFloat32.class));
    }
    return new State(zeros, zeros);
  }

  private Operand<TFloat32> last(Operand<TFloat32> sequence) {
    Operand<TInt32> end = tf.math.sub(first(tf.shape(sequence)), tf.constant(1));
    return tf.gather(sequence, end, tf.constant(0));
  }

  private <T extends TNumber> Operand<T> first(Operand<T> vector) {
    return tf.reshape(tf.slice(vector, tf.array(0), tf.array(1)), tf.array(new int[0]));
  }
}
