package dev.valence.stream;

import dev.valence.text.EncodedReview;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/**
 * Records of one task that wait to be answered together, in the order in which they came. Knows
 * when it is time to; not safe for use by several threads.
 *
 * @param <T> what the owner needs to answer a record
 */
final class MicroBatch<T> {

  /**
   * A record that waits.
   *
   * @param item what the owner needs to answer it
   * @param review what the model is to read, or null where there is nothing to score
   * @param arrivedAt wall-clock milliseconds
   */
  record Waiting<T>(T item, EncodedReview review, long arrivedAt) {}

  private final Supplier<BatchLimits> limits;
  private List<Waiting<T>> waiting = new ArrayList<>();
  private long tokens;
  private long bytes;

  /**
   * @param limits those of the moment
   */
  MicroBatch(Supplier<BatchLimits> limits) {
    this.limits = limits;
  }

  /**
   * Adds a record behind the others.
   *
   * @param review null where there is nothing to score
   * @param recordBytes size of the original record, not negative
   * @param now wall-clock milliseconds
   */
  void add(T item, EncodedReview review, long recordBytes, long now) {
    waiting.add(new Waiting<>(item, review, now));
    tokens += review == null ? 0 : review.tokens();
    bytes += recordBytes;
  }

  /** Size of the original records that wait. */
  long bytes() {
    return bytes;
  }

  /** All records, oldest first; for looking at, until the next call. */
  List<Waiting<T>> waiting() {
    return Collections.unmodifiableList(waiting);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether one of the limits is reached. */
  boolean isFull() {
    BatchLimits now = limits.get();
    return waiting.size() >= now.maxReviews()
        || tokens >= now.maxTokens()
        || bytes >= now.maxBytes();
  }

  /**
   * Whether the oldest record has waited long enough.
   *
   * @param now wall-clock milliseconds
   */
  boolean isDue(long now) {
    return !isEmpty() && now - waiting.get(0).arrivedAt() >= limits.get().maxDelayMillis();
  }

  /** Takes all records out, oldest first. */
  List<Waiting<T>> take() {
    List<Waiting<T>> taken = waiting;
    waiting = new ArrayList<>();
    tokens = 0;
    bytes = 0;
    return taken;
  }
}
