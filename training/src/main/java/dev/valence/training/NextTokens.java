package dev.valence.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A language model that reads a few columns of text, a stretch at a time, and says what may come
 * next. Between stretches the state is carried outside the graph.
 */
final class NextTokens implements AutoCloseable {
  private final int columns;
  private final TowerSession session = new TowerSession(1, Device.CPU);
  private final Placeholder<TInt32> tokens;
  private final List<Placeholder<TFloat32>> before = new ArrayList<>();
  private final List<Operand<TFloat32>> after = new ArrayList<>();
  private final Operand<TFloat32> logits;
  private final List<float[]> state = new ArrayList<>();

  /**
   * @param columns texts that are read side by side, at least 1
   */
  NextTokens(LanguageModel model, int columns) {
    this.columns = columns;
    Ops tf = session.ops();
    Variables weights = new Variables(tf, model.parameters());
    tokens = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, columns)));
    List<AwdLstm.Layer> layers = weights.layers(model.numbers().nl());
    AwdLstm encoder = new AwdLstm(tf, layers);
    AwdLstm.State start = new AwdLstm.State(stateOf(tf, layers), stateOf(tf, layers));
    Operand<TFloat32> table = weights.get(Parameters.EMBEDDING);
    AwdLstm.State end = encoder.read(encoder.embed(table, tokens), start).state();
    after.addAll(end.cell());
    after.addAll(end.hidden());
    // The last layer's hidden state is its output of the last time step: [columns, emSz].
    Operand<TFloat32> last = end.hidden().get(layers.size() - 1);
    logits =
        tf.math.add(
            tf.linalg.matMul(last, table, MatMul.transposeB(true)),
            weights.get(Parameters.DECODER_BIAS));
    weights.assign(session.session(), model.parameters());
  }

  /** Placeholders {@code [columns, width]}, one a layer, and zeros to feed to them. */
  private List<Operand<TFloat32>> stateOf(Ops tf, List<AwdLstm.Layer> layers) {
    List<Operand<TFloat32>> placeholders = new ArrayList<>();
    for (AwdLstm.Layer layer : layers) {
      Placeholder<TFloat32> placeholder =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(columns, layer.width())));
      before.add(placeholder);
      state.add(new float[columns * layer.width()]);
      placeholders.add(placeholder);
    }
    return placeholders;
  }

  /**
   * Reads on.
   *
   * @param ids {@code [time][columns]}, at least one row
   * @return logits of the token after the last row {@code [columns][vocabulary]}
   */
  float[][] read(int[][] ids) {
    int[] flat = Arrays.stream(ids).flatMapToInt(Arrays::stream).toArray();
    try (StepTensors tensors = new StepTensors()) {
      Session.Runner runner = session.runner();
      runner.feed(tokens, tensors.ints(flat, ids.length, columns)).fetch(logits);
      for (int i = 0; i < state.size(); i++) {
        int width = state.get(i).length / columns;
        runner.feed(before.get(i), tensors.floats(state.get(i), columns, width));
        runner.fetch(after.get(i));
      }
      try (Result result = runner.run()) {
        for (int i = 0; i < state.size(); i++) {
          copy(result, i + 1, state.get(i));
        }
        float[] all = new float[(int) ((TFloat32) result.get(0)).size()];
        copy(result, 0, all);
        int vocabulary = all.length / columns;
        float[][] rows = new float[columns][];
        for (int column = 0; column < columns; column++) {
          rows[column] = Arrays.copyOfRange(all, column * vocabulary, (column + 1) * vocabulary);
        }
        return rows;
      }
    }
  }

  private static void copy(Result result, int index, float[] values) {
    ((TFloat32) result.get(index)).copyTo(DataBuffers.of(values, false, false));
  }

  @Override
  public void close() {
    session.close();
  }
}
