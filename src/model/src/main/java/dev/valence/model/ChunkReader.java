package dev.valence.model;

import dev.valence.text.Vocabulary;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Reads a batch a few time steps at a time; reviews that have ended leave it in between, so that
 * little is computed for padding, however different the reviews' lengths. Safe for several threads.
 */
final class ChunkReader {

  /** Where a call may read any number of steps: few are wasted, and a call costs little beside. */
  private static final int STEPS = 16;

  /**
   * A batch shrinks by this many reviews at a time, and then by half: oneDNN prepares a product for
   * every number of rows it meets, and works on so many of them at once.
   */
  private static final int ROWS = 8;

  private final Session session;
  private final ChunkSignatures signatures;
  private final int steps;

  ChunkReader(Session session, ChunkSignatures signatures) {
    this.session = session;
    this.signatures = signatures;
    this.steps = signatures.steps() > 0 ? signatures.steps() : STEPS;
  }

  /**
   * @param ids token ids of each review, none of them empty: [batch][its length]
   * @return [batch][classes]
   */
  float[][] probabilities(int[][] ids) {
    return probabilitiesInOrder(
        Arrays.stream(ids).map(signatures.order()::of).toArray(int[][]::new));
  }

  private float[][] probabilitiesInOrder(int[][] ids) {
    int[] order =
        IntStream.range(0, ids.length)
            .boxed()
            .sorted(Comparator.comparingInt(review -> -ids[review].length))
            .mapToInt(Integer::intValue)
            .toArray();
    float[][] probabilities = new float[ids.length][];
    Map<String, Tensor> state = new HashMap<>();
    signatures.widths().forEach((name, width) -> state.put(name, zeros(ids.length, width)));
    int unread = ids.length;
    try {
      for (int position = 0; unread > 0; position += steps) {
        int rows = rows(unread, ids.length);
        try (TInt32 lengths = lengths(ids, order, rows)) {
          read(tokens(ids, order, rows, position), lengths, position, state);
          if (ids[order[unread - 1]].length <= position + steps) {
            float[][] judged = judge(lengths, state, rows);
            while (unread > 0 && ids[order[unread - 1]].length <= position + steps) {
              unread--;
              probabilities[order[unread]] = judged[unread];
            }
          }
        }
      }
      return probabilities;
    } finally {
      state.values().forEach(Tensor::close);
    }
  }

  private static int rows(int unread, int reviews) {
    int enough =
        unread > ROWS
            ? (unread + ROWS - 1) / ROWS * ROWS
            : unread == 1 ? 1 : 2 * Integer.highestOneBit(unread - 1);
    return Math.min(reviews, enough);
  }

  /** Reads some steps and puts the state after them into the place of the one before. */
  private void read(TInt32 tokens, TInt32 lengths, int position, Map<String, Tensor> state) {
    List<String> names = List.copyOf(signatures.after().keySet());
    try (tokens;
        TInt32 at = TInt32.scalarOf(position)) {
      Session.Runner runner =
          session
              .runner()
              .feed(signatures.tokenIds(), tokens)
              .feed(signatures.lengths(), lengths)
              .feed(signatures.position(), at);
      signatures.stateBefore().forEach((name, tensor) -> runner.feed(tensor, state.get(name)));
      names.forEach(name -> runner.fetch(signatures.after().get(name)));
      Result after = runner.run();
      for (int i = 0; i < names.size(); i++) {
        Tensor before = state.put(names.get(i), after.get(i));
        if (before != null) {
          before.close();
        }
      }
    }
  }

  private float[][] judge(TInt32 lengths, Map<String, Tensor> state, int rows) {
    Session.Runner runner = session.runner().fetch(signatures.probabilities());
    signatures
        .judged()
        .forEach(
            (name, tensor) ->
                runner.feed(tensor, name.equals("lengths") ? lengths : state.get(name)));
    try (Result result = runner.run()) {
      return ServingGraph.rows((TFloat32) result.get(0), rows);
    }
  }

  /** [steps, rows] from a position on, the longest review first. */
  private TInt32 tokens(int[][] ids, int[] order, int rows, int position) {
    int count = signatures.steps() > 0 ? steps : Math.min(steps, ids[order[0]].length - position);
    int[] tokens = new int[count * rows];
    for (int row = 0; row < rows; row++) {
      int[] review = ids[order[row]];
      for (int step = 0; step < count; step++) {
        int at = position + step;
        tokens[step * rows + row] = at < review.length ? review[at] : Vocabulary.PADDING_ID;
      }
    }
    return TInt32.tensorOf(Shape.of(count, rows), DataBuffers.of(tokens, true, false));
  }

  private static TInt32 lengths(int[][] ids, int[] order, int rows) {
    return TInt32.vectorOf(IntStream.range(0, rows).map(row -> ids[order[row]].length).toArray());
  }

  private static TFloat32 zeros(int rows, int width) {
    return TFloat32.tensorOf(
        Shape.of(rows, width), DataBuffers.of(new float[rows * width], true, false));
  }
}
