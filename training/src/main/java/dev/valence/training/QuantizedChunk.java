package dev.valence.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * The graph that reads a chunk by multiplying codes: a loop over its steps. Unrolled, each step
 * would have packed weights of its own, more than a processor's cache holds.
 */
final class QuantizedChunk {
  /** Of what is the same in each step: codes of the words, and which rows count. */
  private static final int MATRICES_BEGIN = 3;

  private final Ops tf;
  private final QuantizedWeights weights;
  private final ExportedVariables variables;

  QuantizedChunk(Ops tf, QuantizedWeights weights, ExportedVariables variables) {
    this.tf = tf;
    this.weights = weights;
    this.variables = variables;
  }

  /** Notes in {@code state} what comes after the chunk. */
  void read(ChunkState state) {
    ChunkState.Counted counted = state.counted();
    QuantizedOps quantized = new QuantizedOps(tf);
    List<Operand<?>> fixed = new ArrayList<>();
    fixed.add(
        quantized.unsigned(tf.gather(variables.embedding(), state.tokenIds(), tf.constant(0))));
    fixed.add(counted.inside());
    fixed.add(counted.end());
    variables.layers().forEach(layer -> fixed.add(layer.matrix()));
    int layers = weights.layers().size();
    List<Operand<?>> changing = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      changing.add(state.cellBefore(i));
      changing.add(quantized.bytes(quantized.quantize(state.hiddenBefore(i))));
    }
    changing.addAll(state.pooledBefore().all());

    List<Operand<?>> after = new StepLoop(tf).run(state.steps(), fixed, changing, this::step);
    for (int i = 0; i < layers; i++) {
      state.after(i, floats(after.get(2 * i)), quantized.values(bytes(after.get(2 * i + 1))));
    }
    state.after(pooled(after));
  }

  private List<Operand<?>> step(
      Ops body, Operand<TInt32> step, List<Operand<?>> fixed, List<Operand<?>> before) {
    QuantizedOps quantized = new QuantizedOps(body);
    Operand<TInt32> first = body.constant(0);
    Output<?> codes = quantized.codes(body.gather(bytes(fixed.get(0)), step, first));
    List<Operand<?>> after = new ArrayList<>();
    Operand<TFloat32> top = null;
    for (int i = 0; i < weights.layers().size(); i++) {
      QuantizedLstm.State state =
          new QuantizedLstm.State(
              floats(before.get(2 * i)), quantized.codes(bytes(before.get(2 * i + 1))));
      QuantizedLstm.Read read =
          new QuantizedLstm(body, weights.layers().get(i), bytes(fixed.get(MATRICES_BEGIN + i)))
              .read(codes, state);
      codes = read.state().codes();
      top = read.output();
      after.add(read.state().cell());
      after.add(quantized.bytes(codes));
    }
    ChunkState.Counted counted =
        new ChunkState.Counted(
            body.gather(floats(fixed.get(1)), step, first),
            body.gather(floats(fixed.get(2)), step, first));
    after.addAll(pooled(before).and(body, top, counted).all());
    return after;
  }

  /** The last three of what changes. */
  private ChunkState.Pooled pooled(List<Operand<?>> changing) {
    int first = 2 * weights.layers().size();
    return new ChunkState.Pooled(
        floats(changing.get(first)),
        floats(changing.get(first + 1)),
        floats(changing.get(first + 2)));
  }

  private static Operand<TFloat32> floats(Operand<?> value) {
    return value.asOutput().expect(TFloat32.class);
  }

  private static Operand<TUint8> bytes(Operand<?> value) {
    return value.asOutput().expect(TUint8.class);
  }
}
