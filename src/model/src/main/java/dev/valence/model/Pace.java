package dev.valence.model;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * How much of a processor a model takes before it serves: after each of its runs it rests so many
 * times as long as the run took.
 *
 * @param rest not negative
 */
record Pace(int rest) {

  /** Nothing waits for the processor but this model. */
  static final Pace FULL = new Pace(0);

  /** An eighth of one processor, beside a model that serves. */
  static final Pace BESIDE_ANOTHER = new Pace(7);

  /** No run is worth a longer rest. */
  private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(2);

  /** The same scoring at this pace. */
  Function<int[][], float[][]> of(Function<int[][], float[][]> scoring) {
    return ids -> {
      long start = System.nanoTime();
      float[][] probabilities = scoring.apply(ids);
      restAfter(System.nanoTime() - start);
      return probabilities;
    };
  }

  /** Nanoseconds that a batch takes; then rests. */
  long time(Function<int[][], float[][]> scoring, int[][] ids) {
    long start = System.nanoTime();
    scoring.apply(ids);
    long nanos = System.nanoTime() - start;
    restAfter(nanos);
    return nanos;
  }

  private void restAfter(long nanos) {
    LockSupport.parkNanos(Math.min(LONGEST_REST, rest * nanos));
  }
}
