package dev.valence.bench;

import dev.valence.model.BatchPlanner;
import dev.valence.text.TextPipeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Lets an engine score reviews from text to probabilities, without Kafka. Each thread scores all of
 * them, so that none waits for another at the end.
 */
final class OfflineScoring {

  /** Probabilities of so many reviews are handed back, to be compared. */
  static final int COMPARED = 64;

  private static final int PADDED = 64;
  private static final int WARM_UP = 128;

  private final Engine engine;
  private final TextPipeline pipeline;
  private final Contender.Feeding feeding;
  private final BatchPlanner planner;
  private final int planned;
  private final int threads;
  private final int warmUpSeconds;

  /**
   * @param planner of those who plan
   * @param planned most reviews that are planned together
   * @param warmUpSeconds that are scored before it is measured
   */
  OfflineScoring(
      Engine engine,
      TextPipeline pipeline,
      Contender.Feeding feeding,
      BatchPlanner planner,
      int planned,
      int threads,
      int warmUpSeconds) {
    this.engine = engine;
    this.pipeline = pipeline;
    this.feeding = feeding;
    this.planner = planner;
    this.planned = planned;
    this.threads = threads;
    this.warmUpSeconds = warmUpSeconds;
  }

  /** What one thread did in a round. */
  private record Share(long tokens, long cells, List<Double> callNanos) {}

  /** Measures so many rounds, after others of few reviews that do not count. */
  Measurement measure(List<String> texts, int rounds) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long begin = System.nanoTime();
      do {
        round(pool, texts.subList(0, Math.min(texts.size(), WARM_UP)));
      } while (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(warmUpSeconds));
      List<Double> seconds = new ArrayList<>();
      List<Double> callNanos = new ArrayList<>();
      long tokens = 0;
      long cells = 0;
      for (int round = 0; round < rounds; round++) {
        long start = System.nanoTime();
        List<Share> shares = round(pool, texts);
        seconds.add((System.nanoTime() - start) / 1e9);
        tokens = shares.stream().mapToLong(Share::tokens).sum();
        cells = shares.stream().mapToLong(Share::cells).sum();
        shares.forEach(share -> callNanos.addAll(share.callNanos()));
      }
      return new Measurement(
          threads * texts.size(),
          tokens,
          cells,
          seconds,
          null,
          CallTimes.of(callNanos),
          null,
          compared(texts),
          Memory.residentMebibytes());
    } finally {
      pool.shutdownNow();
    }
  }

  private List<Share> round(ExecutorService pool, List<String> texts) {
    Callable<Share> task = () -> score(texts);
    try {
      List<Share> shares = new ArrayList<>();
      for (Future<Share> share : pool.invokeAll(Collections.nCopies(threads, task))) {
        shares.add(share.get());
      }
      return shares;
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot score: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }

  private Share score(List<String> texts) {
    long tokens = 0;
    long cells = 0;
    List<Double> nanos = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += planned) {
      int[][] ids =
          texts.subList(from, Math.min(texts.size(), from + planned)).stream()
              .map(text -> pipeline.encode(text).ids())
              .toArray(int[][]::new);
      for (int[] batch : batches(ids)) {
        int[][] together = Arrays.stream(batch).mapToObj(index -> ids[index]).toArray(int[][]::new);
        long start = System.nanoTime();
        engine.probabilities(together);
        nanos.add((double) (System.nanoTime() - start));
        tokens += Arrays.stream(together).mapToLong(review -> review.length).sum();
        cells += engine.cells(lengths(together));
      }
    }
    return new Share(tokens, cells, nanos);
  }

  /** Indices of the reviews of each batch. */
  private List<int[]> batches(int[][] ids) {
    return switch (feeding) {
      case PLANNED -> planner.plan(lengths(ids));
      // As a careful user of another engine would: of like length, and none too large.
      case PADDED ->
          new BatchPlanner(BatchPlanner.DEFAULT_MAX_PADDED_TOKENS * 2, PADDED).plan(lengths(ids));
      case ARRIVAL -> asTheyCome(ids.length, PADDED);
      default -> asTheyCome(ids.length, 1);
    };
  }

  private static List<int[]> asTheyCome(int reviews, int together) {
    List<int[]> batches = new ArrayList<>();
    for (int from = 0; from < reviews; from += together) {
      batches.add(IntStream.range(from, Math.min(reviews, from + together)).toArray());
    }
    return batches;
  }

  private static int[] lengths(int[][] ids) {
    return Arrays.stream(ids).mapToInt(review -> review.length).toArray();
  }

  private float[][] compared(List<String> texts) {
    int[][] ids =
        texts.stream()
            .limit(COMPARED)
            .map(text -> pipeline.encode(text).ids())
            .toArray(int[][]::new);
    float[][] probabilities = new float[ids.length][];
    for (int[] batch : batches(ids)) {
      float[][] some =
          engine.probabilities(
              Arrays.stream(batch).mapToObj(index -> ids[index]).toArray(int[][]::new));
      for (int row = 0; row < batch.length; row++) {
        probabilities[batch[row]] = some[row];
      }
    }
    return probabilities;
  }
}
