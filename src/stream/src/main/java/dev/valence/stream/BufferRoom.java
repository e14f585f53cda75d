package dev.valence.stream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * The room that all records share that wait to be scored. Bytes are shared out among the tasks of
 * the process: every task gets an equal share, so that a flood in one partition leaves the others
 * theirs, and may overdraw it by one record. Reviews and tokens are those of a thread, which scores
 * what all its tasks collected before it commits. Safe for use by many threads.
 */
final class BufferRoom {

  private final BatchLimits limits;
  private final WorkBudget budget;
  private final LongConsumer bytesChanged;
  private final AtomicInteger places = new AtomicInteger();

  /** The part of one task. For the task's thread. */
  final class Place implements AutoCloseable {

    private long bytes;

    private Place() {
      places.incrementAndGet();
    }

    /** What the task's thread may collect now, and in bytes the task. */
    BatchLimits limits() {
      return new BatchLimits(
          limits.maxReviews(),
          Math.min(limits.maxTokens(), budget.tokens()),
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
      places.decrementAndGet();
    }
  }

  /**
   * @param limits of one thread, but for the bytes, which are those of the whole process
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

  /** The place of a new task. */
  Place enter() {
    return new Place();
  }
}
