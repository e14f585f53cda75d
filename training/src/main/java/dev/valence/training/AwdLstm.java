package dev.valence.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The AWD-LSTM's layers as TensorFlow graph (Merity, Keskar and Socher, 2018): embedding, then
 * LSTMs without peepholes, each with the dropouts of the paper's section 4.
 *
 * <p>With {@link Dropouts#none()} the graph is deterministic, to judge and to generate with; what
 * is exported is built by {@link ServingGraphs}.
 */
final class AwdLstm {
  private final Ops tf;
  private final List<Layer> layers;
  private final Dropouts dropouts;
  private final Products products;
  private final Device device;
  private final List<Operand<TFloat32>> hiddenWeights = new ArrayList<>();

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
   * @param passes through the layers, from the first on
   */
  record Output(Operand<TFloat32> raw, Operand<TFloat32> dropped, State state, List<Pass> passes) {}

  /**
   * One layer's part of a reading.
   *
   * @param below what came from the layer below {@code [time, batch, width in]}
   * @param input the same after dropout
   * @param lstm what read it
   */
  record Pass(Operand<TFloat32> below, Operand<TFloat32> input, LstmLayer lstm) {}

  /**
   * @param layers of each layer's weights
   * @param embedded {@code [time, batch, width 0]}
   */
  record Gradient(List<Layer> layers, Operand<TFloat32> embedded) {}

  /** An encoder that is read and does not learn. */
  AwdLstm(Ops tf, List<Layer> layers) {
    this(tf, layers, Dropouts.none(), Products.FLOAT32, Device.CPU);
  }

  AwdLstm(Ops tf, List<Layer> layers, Dropouts dropouts, Products products, Device device) {
    this.tf = tf;
    this.layers = layers;
    this.dropouts = dropouts;
    this.products = products;
    this.device = device;
    for (int i = 0; i < layers.size(); i++) {
      hiddenWeights.add(dropouts.hiddenWeights(tf, layers.get(i).hidden(), i));
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
    List<Operand<TFloat32>> cells = new ArrayList<>();
    List<Operand<TFloat32>> hiddens = new ArrayList<>();
    List<Pass> passes = new ArrayList<>();
    Operand<TFloat32> output = embedded;
    Operand<TFloat32> dropped = dropouts.input(tf, embedded);
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      LstmLayer lstm =
          new LstmLayer(
              tf,
              new Layer(layer.input(), hiddenWeights.get(i), layer.bias()),
              products,
              device,
              dropped,
              initial.cell().get(i),
              initial.hidden().get(i));
      passes.add(new Pass(output, dropped, lstm));
      cells.add(lstm.cellAfter());
      hiddens.add(lstm.hiddenAfter());
      output = lstm.output();
      boolean top = i == layers.size() - 1;
      dropped = top ? dropouts.output(tf, output) : dropouts.betweenLayers(tf, output, i);
    }
    return new Output(output, dropped, new State(cells, hiddens), passes);
  }

  /**
   * The gradient of a loss that the output of a reading enters, and its states do not.
   *
   * @param rawGradient of the last layer's output, by all ways {@code [time, batch, width]}
   */
  Gradient gradient(Output output, Operand<TFloat32> rawGradient) {
    List<Layer> weights = new ArrayList<>();
    Operand<TFloat32> gradient = rawGradient;
    for (int i = layers.size() - 1; i >= 0; i--) {
      Pass pass = output.passes().get(i);
      LstmLayer.Gradient own = pass.lstm().gradient(gradient);
      Operand<TFloat32> hidden =
          Gradients.through(
              tf, hiddenWeights.get(i), layers.get(i).hidden(), own.weights().hidden());
      weights.add(0, new Layer(own.weights().input(), hidden, own.weights().bias()));
      gradient = Gradients.through(tf, pass.input(), pass.below(), own.input());
    }
    return new Gradient(weights, gradient);
  }

  /**
   * From each time step to the next.
   *
   * @param outputs {@code [time, batch, width]}
   * @return {@code [time - 1, batch, width]}
   */
  static Operand<TFloat32> changes(Ops tf, Operand<TFloat32> outputs) {
    Operand<TFloat32> later = tf.slice(outputs, tf.array(1, 0, 0), tf.array(-1, -1, -1));
    Operand<TFloat32> earlier = tf.slice(outputs, tf.array(0, 0, 0), tf.shape(later));
    return tf.math.sub(later, earlier);
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
}
