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
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.BlockLSTM;
import org.tensorflow.op.nn.BlockLSTMGrad;
import org.tensorflow.op.nn.LSTMBlockCellGrad;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * One LSTM layer over all time steps of a batch, and its gradient.
 *
 * <p>TensorFlow's own gradient multiplies by all weights, and adds to the gradient of all weights,
 * once a time step. On a processor the loop over time takes only what one step needs of the next,
 * and the rest is three large products over all steps at once, which a core computes faster. On a
 * card TensorFlow's own is used, in single precision whatever the products are, since one operation
 * that goes through all steps launches what it computes sooner than the operations of a loop do.
 */
final class LstmLayer {
  private static final int GATES = 4;

  private final Ops tf;
  private final AwdLstm.Layer weights;
  private final Products products;
  private final Device device;
  private final Operand<TFloat32> input;
  private final Operand<TFloat32> cellBefore;
  private final Operand<TFloat32> hiddenBefore;
  private final Operand<TInt64> steps;
  private final Operand<TFloat32> matrix;
  private final Operand<TFloat32> peephole;
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
   * @param device that the gradient is computed on
   * @param input {@code [time, batch, width in]}
   * @param cellBefore state before the first time step {@code [batch, width]}
   * @param hiddenBefore the same of the output
   */
  LstmLayer(
      Ops tf,
      AwdLstm.Layer weights,
      Products products,
      Device device,
      Operand<TFloat32> input,
      Operand<TFloat32> cellBefore,
      Operand<TFloat32> hiddenBefore) {
    this.tf = tf;
    this.weights = weights;
    this.products = products;
    this.device = device;
    this.input = input;
    this.cellBefore = cellBefore;
    this.hiddenBefore = hiddenBefore;
    steps = first(tf.shape(input, TInt64.class));
    matrix = tf.concat(List.of(weights.input(), weights.hidden()), tf.constant(0));
    peephole = tf.zeros(tf.array(weights.width()), TFloat32.class);
    forward =
        BlockLSTM.create(
            tf.scope(),
            steps,
            input,
            cellBefore,
            hiddenBefore,
            matrix,
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
    return device == Device.GPU ? inOneOperation(outputGradient) : inLoop(outputGradient);
  }

  private Gradient inOneOperation(Operand<TFloat32> outputGradient) {
    BlockLSTMGrad<TFloat32> backward =
        BlockLSTMGrad.create(
            tf.scope(),
            steps,
            input,
            cellBefore,
            hiddenBefore,
            matrix,
            peephole,
            peephole,
            peephole,
            weights.bias(),
            forward.i(),
            forward.cs(),
            forward.f(),
            forward.o(),
            forward.ci(),
            forward.co(),
            forward.h(),
            tf.zerosLike(forward.cs()),
            outputGradient,
            false);
    Operand<TFloat32> rows = backward.wGrad();
    AwdLstm.Layer weightGradients =
        new AwdLstm.Layer(
            tf.slice(rows, tf.array(0, 0), tf.shape(weights.input())),
            tf.slice(rows, tf.array(widthIn(), 0), tf.shape(weights.hidden())),
            backward.bGrad());
    return new Gradient(backward.xGrad(), weightGradients);
  }

  private Gradient inLoop(Operand<TFloat32> outputGradient) {
    int width = weights.width();
    Output<?> gates = flat(gateGradients(outputGradient));
    Operand<TFloat32> inputs = tf.reshape(input, tf.array(-1, widthIn()));
    Operand<TFloat32> hiddens = tf.reshape(shifted(hiddenBefore, forward.h()), tf.array(-1, width));
    Operand<TFloat32> ones =
        tf.fill(
            tf.concat(
                List.of(tf.slice(tf.shape(inputs), tf.array(0), tf.array(1)), tf.array(1)),
                tf.constant(0)),
            tf.constant(1f));

    Operand<TFloat32> inputGradient =
        products.ofFactors(tf, gates, transposedFactor(weights.input()));
    AwdLstm.Layer weightGradients =
        new AwdLstm.Layer(
            swapped(weightGradient(inputs, gates)),
            swapped(weightGradient(hiddens, gates)),
            tf.reshape(swapped(weightGradient(ones, gates)), tf.array(-1)));
    return new Gradient(tf.reshape(inputGradient, tf.shape(input)), weightGradients);
  }

  private int widthIn() {
    return Math.toIntExact(weights.input().shape().get(0));
  }

  /** Sum over all steps and columns {@code [width of values, 4 * width]}. */
  private Operand<TFloat32> weightGradient(Operand<TFloat32> values, Output<?> gates) {
    return products.ofFactors(tf, products.factor(tf, values), gates, MatMul.transposeA(true));
  }

  private Output<? extends TNumber> transposedFactor(Operand<TFloat32> matrix) {
    return products.factor(tf, tf.linalg.transpose(swapped(matrix), tf.array(1, 0)));
  }

  private <T extends TNumber> Output<T> flat(Output<T> gates) {
    return tf.reshape(gates, tf.array(-1, GATES * weights.width())).asOutput();
  }

  /**
   * Goes through the time steps from the last to the first.
   *
   * @return factor: gradient of what enters the gates {@code [time, batch, 4 * width]}, in {@code
   *     LSTMBlockCell}'s order
   */
  private Output<? extends TNumber> gateGradients(Operand<TFloat32> outputGradient) {
    Operand<TInt32> steps = first(tf.shape(forward.h()));
    Operand<TInt32> shape =
        tf.concat(
            List.of(
                tf.slice(tf.shape(forward.h()), tf.array(0), tf.array(2)),
                tf.array(GATES * weights.width())),
            tf.constant(0));
    Operand<TFloat32> none = tf.zerosLike(cellBefore);
    Output<?>[] start =
        outputs(
            tf.math.sub(steps, tf.constant(1)),
            none,
            none,
            Empty.create(tf.scope(), shape, products.type()),
            tf.identity(weights.hidden()),
            transposedFactor(weights.hidden()),
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
    return end[3].expect(products.type());
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
    Output<? extends TNumber> gates = products.factor(step, cell.dicfo());
    out[2] = products.ofFactors(step, gates, in[5]).asOutput();
    out[3] = withRow(step, in[3], from, gates);
  }

  private static <T extends TNumber> Output<T> withRow(
      Ops step, Output<?> rows, Operand<TInt32> index, Output<T> row) {
    Operand<T> one = step.expandDims(row, step.constant(0));
    return step.inplaceUpdate(rows.expect(row.type()), index, one).asOutput();
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
