package dev.valence.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Empty;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.op.nn.BlockLSTM;
import org.tensorflow.op.nn.LSTMBlockCellGrad;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * One LSTM layer over all time steps of a batch, and its gradient.
 *
 * <p>TensorFlow's own gradient multiplies by all weights, and adds to the gradient of all weights,
 * once a time step. Here the loop over time takes only what one step needs of the next, and the
 * rest is three large products over all steps at once, which a core computes faster.
 */
final class LstmLayer {
  private static final int GATES = 4;

  private final Ops tf;
  private final AwdLstm.Layer weights;
  private final Products products;
  private final Operand<TFloat32> input;
  private final Operand<TFloat32> cellBefore;
  private final Operand<TFloat32> hiddenBefore;
  private final BlockLSTM<TFloat32> forward;

  /**
   * @param input {@code [time, batch, width in]}
   * @param weights the gradient's as well
   */
  record Gradient(Operand<TFloat32> input, AwdLstm.Layer weights) {}

  /**
   * Reads a batch.
   *
   * @param weights hidden weights with what was dropped of them
   * @param input {@code [time, batch, width in]}
   * @param cellBefore state before the first time step {@code [batch, width]}
   * @param hiddenBefore the same of the output
   */
  LstmLayer(
      Ops tf,
      AwdLstm.Layer weights,
      Products products,
      Operand<TFloat32> input,
      Operand<TFloat32> cellBefore,
      Operand<TFloat32> hiddenBefore) {
    this.tf = tf;
    this.weights = weights;
    this.products = products;
    this.input = input;
    this.cellBefore = cellBefore;
    this.hiddenBefore = hiddenBefore;
    Operand<TFloat32> peephole = tf.zeros(tf.array(weights.width()), TFloat32.class);
    forward =
        BlockLSTM.create(
            tf.scope(),
            first(tf.shape(input, TInt64.class)),
            input,
            cellBefore,
            hiddenBefore,
            tf.concat(List.of(weights.input(), weights.hidden()), tf.constant(0)),
            peephole,
            peephole,
            peephole,
            weights.bias());
  }

  /** Output of all time steps {@code [time, batch, width]}. */
  Operand<TFloat32> output() {
    return forward.h();
  }

  /** The cell after the last time step {@code [batch, width]}. */
  Operand<TFloat32> cellAfter() {
    return last(forward.cs());
  }

  /** The output of the last time step {@code [batch, width]}. */
  Operand<TFloat32> hiddenAfter() {
    return last(forward.h());
  }

  /**
   * The gradient of a loss that the output enters, and the states after the last step do not.
   *
   * @param outputGradient {@code [time, batch, width]}
   */
  Gradient gradient(Operand<TFloat32> outputGradient) {
    int width = weights.width();
    Operand<TFloat32> gates = gateGradients(outputGradient);
    Operand<TFloat32> flat = tf.reshape(gates, tf.array(-1, GATES * width));
    Operand<TFloat32> hiddens = shifted(hiddenBefore, forward.h());
    Operand<TFloat32> flatHiddens = tf.reshape(hiddens, tf.array(-1, width));
    int widthIn = Math.toIntExact(weights.input().shape().get(0));
    Operand<TFloat32> flatInput = tf.reshape(input, tf.array(-1, widthIn));

    Operand<TFloat32> inputGradient =
        tf.reshape(
            products.of(tf, flat, tf.linalg.transpose(swapped(weights.input()), tf.array(1, 0))),
            tf.shape(input));
    AwdLstm.Layer weightGradients =
        new AwdLstm.Layer(
            swapped(products.ofTransposed(tf, flatInput, flat)),
            swapped(products.ofTransposed(tf, flatHiddens, flat)),
            swapped(tf.sum(flat, tf.array(0))));
    return new Gradient(inputGradient, weightGradients);
  }

  /**
   * Goes through the time steps from the last to the first.
   *
   * @return gradient of what enters the gates {@code [time, batch, 4 * width]}, in {@code
   *     LSTMBlockCell}'s order
   */
  private Operand<TFloat32> gateGradients(Operand<TFloat32> outputGradient) {
    Operand<TInt32> steps = first(tf.shape(forward.h()));
    Operand<TInt32> shape =
        tf.concat(
            List.of(
                tf.slice(tf.shape(forward.h()), tf.array(0), tf.array(2)),
                tf.array(GATES * weights.width())),
            tf.constant(0));
    Operand<TFloat32> none = tf.zerosLike(cellBefore);
    Operand<TFloat32> hidden = swapped(weights.hidden());
    Output<?>[] start =
        outputs(
            tf.math.sub(steps, tf.constant(1)),
            none,
            none,
            Empty.create(tf.scope(), shape, TFloat32.class),
            hidden,
            tf.linalg.transpose(hidden, tf.array(1, 0)),
            outputGradient,
            forward.i(),
            forward.cs(),
            forward.f(),
            forward.o(),
            forward.ci(),
            forward.co(),
            shifted(cellBefore, forward.cs()));
    Output<?>[] end =
        ((Graph) tf.scope().env())
            .whileLoop(
                start, LstmLayer::isLeft, this::stepBack, tf.scope().makeOpName("LstmGradient"));
    return end[3].expect(TFloat32.class);
  }

  private static void isLeft(Graph graph, Output<?>[] in, Output<?>[] out) {
    Ops tf = Ops.create(graph);
    out[0] = tf.math.greaterEqual(in[0].expect(TInt32.class), tf.constant(0)).asOutput();
  }

  private void stepBack(Graph graph, Output<?>[] in, Output<?>[] out) {
    Ops step = Ops.create(graph);
    Operand<TInt32> time = in[0].expect(TInt32.class);
    Operand<TInt32> from = step.reshape(time, step.array(1));
    Operand<TInt32> to = step.math.add(from, step.array(1));
    List<Operand<TFloat32>> now = new ArrayList<>();
    for (int i = 6; i < in.length; i++) {
      now.add(
          step.stridedSlice(
              in[i].expect(TFloat32.class),
              from,
              to,
              step.array(1),
              StridedSlice.shrinkAxisMask(1L)));
    }
    Operand<TFloat32> hiddenGradient = step.math.add(now.get(0), in[2].expect(TFloat32.class));
    // This op computes with the gates alone; input, weights and biases are asked for their shapes.
    Operand<TFloat32> peephole = step.constant(new float[weights.width()]);
    LSTMBlockCellGrad<TFloat32> cell =
        LSTMBlockCellGrad.create(
            step.scope(),
            step.slice(now.get(0), step.array(0, 0), step.array(-1, 0)),
            now.get(7),
            now.get(0),
            in[4].expect(TFloat32.class),
            peephole,
            peephole,
            peephole,
            step.constant(new float[GATES * weights.width()]),
            now.get(1),
            now.get(2),
            now.get(3),
            now.get(4),
            now.get(5),
            now.get(6),
            in[1].expect(TFloat32.class),
            hiddenGradient,
            false);
    System.arraycopy(in, 0, out, 0, in.length);
    out[0] = step.math.sub(time, step.constant(1)).asOutput();
    out[1] = cell.csPrevGrad();
    out[2] = step.linalg.matMul(cell.dicfo(), in[5].expect(TFloat32.class)).asOutput();
    out[3] =
        step.inplaceUpdate(
                in[3].expect(TFloat32.class), from, step.expandDims(cell.dicfo(), step.constant(0)))
            .asOutput();
  }

  /** What stood before each time step: the state before the first, then all but the last. */
  private Operand<TFloat32> shifted(Operand<TFloat32> before, Operand<TFloat32> sequence) {
    Operand<TInt32> shape = tf.shape(sequence);
    Operand<TInt32> allButLast = tf.math.sub(shape, tf.array(1, 0, 0));
    return tf.concat(
        List.of(
            tf.expandDims(before, tf.constant(0)),
            tf.slice(sequence, tf.array(0, 0, 0), allButLast)),
        tf.constant(0));
  }

  /**
   * Swaps the second and the third of four gates: {@code BlockLSTMV2} has them in the order i, f,
   * c, o, {@code LSTMBlockCell} in the order i, c, f, o.
   */
  private Operand<TFloat32> swapped(Operand<TFloat32> gates) {
    List<Output<TFloat32>> four = tf.split(tf.constant(-1), gates, (long) GATES).output();
    return tf.concat(List.of(four.get(0), four.get(2), four.get(1), four.get(3)), tf.constant(-1));
  }

  private Operand<TFloat32> last(Operand<TFloat32> sequence) {
    Operand<TInt32> end = tf.math.sub(first(tf.shape(sequence)), tf.constant(1));
    return tf.gather(sequence, end, tf.constant(0));
  }

  private <T extends TNumber> Operand<T> first(Operand<T> vector) {
    return tf.reshape(tf.slice(vector, tf.array(0), tf.array(1)), tf.array(new int[0]));
  }

  private static Output<?>[] outputs(Operand<?>... operands) {
    return Arrays.stream(operands).map(Operand::asOutput).toArray(Output<?>[]::new);
  }
}
