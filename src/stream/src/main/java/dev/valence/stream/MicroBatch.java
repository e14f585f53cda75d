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
   * @param since wall-clock milliseconds from which on it waits
   */
  record Waiting<T>(T item, EncodedReview review, long since) {}

  private static final double NEARLY = 0.875;

  private final Supplier<BatchLimits> limits;
  private List<Waiting<T>> waiting = new ArrayList<>();
  private long tokens;
  private long bytes;
  private long begunAt;

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
   * @param since wall-clock milliseconds from which on it waits, not after now
   * @param now wall-clock milliseconds
   */
  void add(T item, EncodedReview review, long recordBytes, long since, long now) {
    if (waiting.isEmpty()) {
      begunAt = now;
    }
    waiting.add(new Waiting<>(item, review, since));
    tokens += review == null ? 0 : review.tokens();
    bytes += recordBytes;
  }

  /** Size of the original records that wait. */
  long bytes() {
    return bytes;
  }

  /** Tokens that wait to be scored. */
  long tokens() {
    return tokens;
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
    return fills(1);
  }

  /** Whether one of the limits will soon be reached. */
  boolean isNearlyFull() {
    return fills(NEARLY);
  }

  private boolean fills(double part) {
    BatchLimits now = limits.get();
    return waiting.size() >= part * now.maxReviews()
        || tokens >= part * now.maxTokens()
        || bytes >= part * now.maxBytes();
  }

  /**
   * Whether the oldest record has waited long enough, and records have been collected long enough.
   *
   * @param now wall-clock milliseconds
   * @param collectingMillis how long to collect; without effect where no record may wait
   */
  boolean isDue(long now, long collectingMillis) {
    long delay = limits.get().maxDelayMillis();
    return !isEmpty()
        && now - waiting.get(0).since() >= delay
        && (delay == 0 || now - begunAt >= collectingMillis);
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
