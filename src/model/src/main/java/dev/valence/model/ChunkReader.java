package dev.valence.model;

import dev.valence.text.Vocabulary;
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
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Reads a batch a few time steps at a time. Where a review has ended, the next takes its seat, so
 * that little is computed for padding and many are read side by side, however different their
 * lengths. Safe for several threads.
 */
final class ChunkReader {

  private final Session session;
  private final ChunkSignatures signatures;
  private final ChunkSizes sizes;

  ChunkReader(Session session, ChunkSignatures signatures, Precision precision) {
    this.session = session;
    this.signatures = signatures;
    this.sizes = ChunkSizes.of(precision, signatures.steps());
  }

  /**
   * @param ids token ids of each review, none of them empty: [batch][its length]
   * @return [batch][classes]
   */
  float[][] probabilities(int[][] ids) {
    int[][] longestFirst = new int[ids.length][];
    int[] order =
        IntStream.range(0, ids.length)
            .boxed()
            .sorted(Comparator.comparingInt(review -> -ids[review].length))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i = 0; i < order.length; i++) {
      longestFirst[i] = signatures.order().of(ids[order[i]]);
    }
    float[][] judged = new Run(longestFirst).probabilities();
    float[][] probabilities = new float[ids.length][];
    for (int i = 0; i < order.length; i++) {
      probabilities[order[i]] = judged[i];
    }
    return probabilities;
  }

  /**
   * Cells that are computed for a batch, padding included.
   *
   * @param lengths tokens of each review, positive
   */
  long cells(int[] lengths) {
    int[] longestFirst =
        IntStream.of(lengths).boxed().sorted(Comparator.reverseOrder()).mapToInt(i -> i).toArray();
    ChunkSeats seats = new ChunkSeats(longestFirst, sizes);
    long cells = 0;
    while (seats.taken() > 0) {
      cells += (long) seats.rows() * seats.steps();
      seats.advance(seat -> {}, (from, to) -> {}, seat -> {});
    }
    return cells;
  }

  /** One batch on its way. */
  private final class Run {
    private final int[][] ids;
    private final ChunkSeats seats;
    private final Map<String, Tensor> state = new HashMap<>();
    private final Map<String, float[]> ended = new HashMap<>();

    /**
     * @param ids the longest review first
     */
    Run(int[][] ids) {
      this.ids = ids;
      this.seats =
          new ChunkSeats(
              IntStream.range(0, ids.length).map(review -> ids[review].length).toArray(), sizes);
    }

    float[][] probabilities() {
      signatures.widths().forEach((name, width) -> state.put(name, zeros(seats.rows(), width)));
      try {
        while (seats.taken() > 0) {
          read();
          seats.advance(this::keep, this::move, this::clear);
        }
        return judge();
      } finally {
        state.values().forEach(Tensor::close);
      }
    }

    /** Reads some steps and puts the state after them into the place of the one before. */
    private void read() {
      List<String> names = List.copyOf(signatures.after().keySet());
      try (TInt32 tokens = tokens();
          TInt32 ends = TInt32.vectorOf(seats.ends());
          TInt32 position = TInt32.scalarOf(seats.position())) {
        Session.Runner runner =
            session
                .runner()
                .feed(signatures.tokenIds(), tokens)
                .feed(signatures.lengths(), ends)
                .feed(signatures.position(), position);
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

    /** [steps, rows] */
    private TInt32 tokens() {
      int rows = seats.rows();
      int steps = seats.steps();
      int[] tokens = new int[steps * rows];
      for (int seat = 0; seat < rows; seat++) {
        int[] review = seat < seats.taken() ? ids[seats.review(seat)] : new int[0];
        int read = seat < seats.taken() ? seats.read(seat) : 0;
        for (int step = 0; step < steps; step++) {
          int at = read + step;
          tokens[step * rows + seat] = at < review.length ? review[at] : Vocabulary.PADDING_ID;
        }
      }
      return TInt32.tensorOf(Shape.of(steps, rows), DataBuffers.of(tokens, true, false));
    }

    /** Notes what is judged of the review in a seat, which has ended. */
    private void keep(int seat) {
      for (String name : signatures.judged().keySet()) {
        if (state.containsKey(name)) {
          int width = width(name);
          float[] all = ended.computeIfAbsent(name, key -> new float[ids.length * width]);
          floats(name).offset((long) seat * width).read(all, seats.review(seat) * width, width);
        }
      }
    }

    private void move(int from, int to) {
      for (String name : signatures.stateBefore().keySet()) {
        int width = width(name);
        FloatDataBuffer floats = floats(name);
        floats
            .slice((long) from * width, width)
            .copyTo(floats.slice((long) to * width, width), width);
      }
    }

    private void clear(int seat) {
      for (String name : signatures.stateBefore().keySet()) {
        int width = width(name);
        floats(name).offset((long) seat * width).write(new float[width]);
      }
    }

    private int width(String name) {
      return (int) state.get(name).shape().get(1);
    }

    private FloatDataBuffer floats(String name) {
      return ((TFloat32) state.get(name)).asRawTensor().data().asFloats();
    }

    /** All at once, when all have ended. */
    private float[][] judge() {
      Map<String, Tensor> judged = new HashMap<>();
      try {
        judged.put(
            "lengths",
            TInt32.vectorOf(
                IntStream.range(0, ids.length).map(review -> ids[review].length).toArray()));
        ended.forEach(
            (name, values) ->
                judged.put(
                    name,
                    TFloat32.tensorOf(
                        Shape.of(ids.length, values.length / ids.length),
                        DataBuffers.of(values, true, false))));
        Session.Runner runner = session.runner().fetch(signatures.probabilities());
        signatures.judged().forEach((name, tensor) -> runner.feed(tensor, judged.get(name)));
        try (Result result = runner.run()) {
          return ServingGraph.rows((TFloat32) result.get(0), ids.length);
        }
      } finally {
        judged.values().forEach(Tensor::close);
      }
    }
  }

  private static TFloat32 zeros(int rows, int width) {
    return TFloat32.tensorOf(
        Shape.of(rows, width), DataBuffers.of(new float[rows * width], true, false));
  }
}
