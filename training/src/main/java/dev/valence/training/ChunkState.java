package dev.valence.training;

import dev.valence.text.ReadingOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Inputs and outputs of a graph that reads a few time steps of a batch and is called again with the
 * state it gave, as {@code dev.valence.model} calls it: the signature {@code read_chunk}. When
 * reviews have ended, {@code judge_read} scores what was read of them.
 *
 * <p>Rows are seats. The next review takes the seat of one that has ended, with a state of zero;
 * when none is left, the one in the last seat moves up, the next call names fewer tokens a step and
 * the state's last rows are left out. {@code position} counts the steps of all calls before, and
 * {@code lengths} are not those of reviews, but the steps, counted the same, at which the reviews
 * of the rows end.
 */
final class ChunkState {
  /** Name of the signature that reads, of a model that reads backwards. */
  static final String READING_BACKWARDS = "read_chunk_backwards";

  private static final String LARGEST = "state_largest";
  private static final String SUM = "state_sum";
  private static final String LAST = "last";

  private final Ops tf;
  private final Placeholder<TInt32> tokenIds;
  private final Placeholder<TInt32> lengths;
  private final Placeholder<TInt32> position;
  private final Map<String, Placeholder<TFloat32>> inputs = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> outputs = new LinkedHashMap<>();
  private final List<Operand<TFloat32>> cells = new ArrayList<>();
  private final List<Operand<TFloat32>> hiddens = new ArrayList<>();
  private final Operand<TFloat32> largest;
  private final Operand<TFloat32> sum;

  /**
   * @param widths of the LSTMs, from the bottom
   */
  ChunkState(Ops tf, List<Integer> widths) {
    this.tf = tf;
    this.tokenIds = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
    this.lengths = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    this.position = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    for (int layer = 0; layer < widths.size(); layer++) {
      cells.add(input(cell(layer), widths.get(layer)));
      hiddens.add(input(hidden(layer), widths.get(layer)));
    }
    int top = widths.get(widths.size() - 1);
    this.largest = input(LARGEST, top);
    this.sum = input(SUM, top);
  }

  /** Ids of the chunk {@code [steps, batch]}. */
  Operand<TInt32> tokenIds() {
    return tokenIds;
  }

  /** {@code [batch, width]} of a layer before the chunk. */
  Operand<TFloat32> cellBefore(int layer) {
    return cells.get(layer);
  }

  /** {@code [batch, width]} of a layer before the chunk. */
  Operand<TFloat32> hiddenBefore(int layer) {
    return hiddens.get(layer);
  }

  /** Notes {@code [batch, width]} of a layer after the chunk. */
  void after(int layer, Operand<TFloat32> cell, Operand<TFloat32> hidden) {
    outputs.put(cell(layer), cell);
    outputs.put(hidden(layer), hidden);
  }

  /** Notes what was pooled after the chunk. */
  void after(Pooled pooled) {
    outputs.put(LARGEST, pooled.largest());
    outputs.put(SUM, pooled.sum());
    outputs.put(LAST, pooled.last());
  }

  /** How many steps the chunk has. */
  Operand<TInt32> steps() {
    return tf.gather(tf.shape(tokenIds), tf.constant(0), tf.constant(0));
  }

  /**
   * What reviews gave so far. Largest and sum are over outputs plus one, which are never negative,
   * so that zero is a state to begin with and a review that has ended adds nothing.
   *
   * @param largest {@code [batch, width]}
   * @param sum {@code [batch, width]}
   * @param last output of each review that ends in the chunk, {@code [batch, width]}
   */
  record Pooled(Operand<TFloat32> largest, Operand<TFloat32> sum, Operand<TFloat32> last) {

    List<Operand<TFloat32>> all() {
      return List.of(largest, sum, last);
    }

    /**
     * After another step.
     *
     * @param hidden the top layer's {@code [batch, width]}
     */
    Pooled and(Ops tf, Operand<TFloat32> hidden, Counted counted) {
      Operand<TFloat32> raised = counted.raised(tf, hidden);
      return new Pooled(
          tf.math.maximum(largest, raised),
          tf.math.add(sum, raised),
          tf.math.add(last, tf.math.mul(hidden, counted.end())));
    }
  }

  /**
   * Which outputs count: 1, or else 0.
   *
   * @param inside those of words, {@code [steps, batch, 1]} or {@code [batch, 1]} of one step
   * @param end those of the last words, the same
   */
  record Counted(Operand<TFloat32> inside, Operand<TFloat32> end) {

    /** Outputs plus one of words, and zero of others. */
    private Operand<TFloat32> raised(Ops tf, Operand<TFloat32> outputs) {
      return tf.math.mul(tf.math.add(outputs, tf.constant(1f)), inside);
    }
  }

  /** {@code [batch, width]} each, of before the chunk. */
  Pooled pooledBefore() {
    return new Pooled(largest, sum, tf.zerosLike(sum));
  }

  Counted counted() {
    Operand<TInt32> step =
        tf.expandDims(tf.range(tf.constant(0), steps(), tf.constant(1)), tf.constant(1));
    Operand<TInt32> left = tf.math.sub(lengths, position);
    return new Counted(
        mask(tf.math.less(step, left)),
        mask(tf.math.equal(step, tf.math.sub(left, tf.constant(1)))));
  }

  private Operand<TFloat32> mask(Operand<TBool> counts) {
    return tf.expandDims(tf.dtypes.cast(counts, TFloat32.class), tf.constant(2));
  }

  /**
   * Pools over the outputs of the whole chunk.
   *
   * @param sequence the top layer's {@code [steps, batch, width]}
   */
  void pool(Operand<TFloat32> sequence) {
    Counted counted = counted();
    Operand<TFloat32> raised = counted.raised(tf, sequence);
    after(
        new Pooled(
            tf.math.maximum(largest, tf.reduceMax(raised, tf.constant(0))),
            tf.math.add(sum, tf.sum(raised, tf.constant(0))),
            tf.sum(tf.math.mul(sequence, counted.end()), tf.constant(0))));
  }

  /**
   * The signature {@code read_chunk}, when all of the state after the chunk is known.
   *
   * @param order that the caller has to put the ids in; backwards the signature is called {@code
   *     read_chunk_backwards}
   */
  Signature reading(ReadingOrder order) {
    Signature.Builder signature =
        Signature.builder(order == ReadingOrder.BACKWARDS ? READING_BACKWARDS : "read_chunk")
            .input("token_ids", tokenIds)
            .input("lengths", lengths)
            .input("position", position);
    inputs.forEach(signature::input);
    outputs.forEach(signature::output);
    return signature.build();
  }

  /**
   * The signature {@code judge_read}.
   *
   * @param logits of {@code [batch, 3 * width]} pooled
   * @param probabilities of logits
   */
  Signature judging(
      UnaryOperator<Operand<TFloat32>> logits, UnaryOperator<Operand<TFloat32>> probabilities) {
    Shape shape = inputs.get(SUM).shape();
    Placeholder<TInt32> ended = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    Placeholder<TFloat32> last = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    Placeholder<TFloat32> max = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    Placeholder<TFloat32> total = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    Operand<TFloat32> count = tf.expandDims(tf.dtypes.cast(ended, TFloat32.class), tf.constant(1));
    Operand<TFloat32> one = tf.constant(1f);
    Operand<TFloat32> pooled =
        tf.concat(
            List.of(last, tf.math.sub(max, one), tf.math.sub(tf.math.div(total, count), one)),
            tf.constant(1));
    Operand<TFloat32> judged = logits.apply(pooled);
    return Signature.builder("judge_read")
        .input("lengths", ended)
        .input(LAST, last)
        .input(LARGEST, max)
        .input(SUM, total)
        .output("logits", judged)
        .output("probabilities", probabilities.apply(judged))
        .build();
  }

  private Operand<TFloat32> input(String name, int width) {
    Placeholder<TFloat32> whole =
        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, width)));
    inputs.put(name, whole);
    Operand<TInt32> batch = tf.slice(tf.shape(tokenIds), tf.array(1), tf.array(1));
    return tf.slice(
        whole, tf.array(0, 0), tf.concat(List.of(batch, tf.array(width)), tf.constant(0)));
  }

  private static String cell(int layer) {
    return "state_cell_" + layer;
  }

  private static String hidden(int layer) {
    return "state_hidden_" + layer;
  }
}
