package dev.valence.stream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * The room that all records share that wait to be scored. Bytes are shared out among the tasks of
 * the process, tokens among those of a thread, which must score them all before it commits. Every
 * task gets an equal share, so that a flood in one partition leaves the others theirs, and may
 * overdraw it by one record. Safe for use by many threads.
 */
final class BufferRoom {

  private final BatchLimits limits;
  private final WorkBudget budget;
  private final LongConsumer bytesChanged;
  private final AtomicInteger places = new AtomicInteger();
  private final ThreadLocal<AtomicInteger> placesOfThread =
      ThreadLocal.withInitial(AtomicInteger::new);

  /** The part of one task. For the task's thread. */
  final class Place implements AutoCloseable {

    private final AtomicInteger beside;
    private long bytes;

    private Place(AtomicInteger beside) {
      this.beside = beside;
      beside.incrementAndGet();
      places.incrementAndGet();
    }

    /** What the task may collect now. */
    BatchLimits limits() {
      int tokens = Math.max(1, budget.tokens() / Math.max(1, beside.get()));
      return new BatchLimits(
          limits.maxReviews(),
          Math.min(limits.maxTokens(), tokens),
          Math.max(1, limits.maxBytes() / Math.max(1, places.get())),
          limits.maxDelayMillis());
    }

    /** So many bytes came, or left: then they are negative. */
    void changeBy(long more) {
      bytes += more;
      bytesChanged.accept(more);
    }

    @Override
    public void close() {
      changeBy(-bytes);
      beside.decrementAndGet();
      places.decrementAndGet();
    }
  }

  /**
   * @param limits of one batch, but for the bytes, which are those of the whole process
   * @param budget of one thread
   * @param bytesChanged is told of every byte that comes or leaves
   */
  BufferRoom(BatchLimits limits, WorkBudget budget, LongConsumer bytesChanged) {
    this.limits = limits;
    this.budget = budget;
    this.bytesChanged = bytesChanged;
  }

  /** What is learned from each batch. */
  ScoringSpeed speed() {
    return budget.speed();
  }

  /** The place of a new task of the calling thread. */
  Place enter() {
    return new Place(placesOfThread.get());
  }
}
