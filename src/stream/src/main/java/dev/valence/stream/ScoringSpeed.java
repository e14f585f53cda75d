package dev.valence.stream;

import dev.valence.text.EncodedReview;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How many tokens a second one thread scores: measured at the start, with all threads at work, and
 * learned from each batch since. Safe for use by many threads.
 */
final class ScoringSpeed {

  /** Weight of the newest batch in the moving average. */
  private static final double WEIGHT = 0.2;

  /** Smaller batches tell more about what any run costs than about tokens. */
  private static final long TELLING_TOKENS = 1_000;

  private final double atStart;
  private double recent;

  /**
   * @param tokensPerSecond positive; of one thread among all
   */
  ScoringSpeed(double tokensPerSecond) {
    atStart = tokensPerSecond;
    recent = tokensPerSecond;
  }

  /**
   * Scores a batch on each of so many threads at once and takes the slowest, the second time: the
   * first time a model sees a shape says little.
   *
   * @param scorer scores a batch
   * @param batch what each thread scores
   * @param threads positive
   */
  static ScoringSpeed measure(
      Consumer<List<EncodedReview>> scorer, List<EncodedReview> batch, int threads) {
    long tokens = batch.stream().mapToLong(review -> review.ids().length).sum();
    Callable<Long> run =
        () -> {
          scorer.accept(batch);
          long start = System.nanoTime();
          scorer.accept(batch);
          return System.nanoTime() - start;
        };
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      long slowest = 1;
      for (Future<Long> nanos :
          executor.invokeAll(new ArrayList<>(Collections.nCopies(threads, run)))) {
        slowest = Math.max(slowest, nanos.get());
      }
      return new ScoringSpeed(perSecond(tokens, slowest));
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the model cannot score: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring the model", e);
    } finally {
      executor.shutdownNow();
    }
  }

  /** The same where each token costs so many times as much. */
  ScoringSpeed dividedBy(int times) {
    return new ScoringSpeed(atStart / times);
  }

  /** A batch of so many tokens took that long. */
  synchronized void scored(long tokens, long nanos) {
    if (tokens >= TELLING_TOKENS) {
      recent += WEIGHT * (perSecond(tokens, Math.max(1, nanos)) - recent);
    }
  }

  /** The slower of the speed at the start and the recent one. */
  synchronized double tokensPerSecond() {
    return Math.min(atStart, recent);
  }

  private static double perSecond(long tokens, long nanos) {
    return (double) tokens * TimeUnit.SECONDS.toNanos(1) / nanos;
  }
}
