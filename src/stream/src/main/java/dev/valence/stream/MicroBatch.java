package dev.valence.stream;

import dev.valence.text.EncodedReview;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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

  private List<Waiting<T>> waiting = new ArrayList<>();
  private long tokens;
  private long bytes;
  private long begunAt;

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

  /**
   * Whether the oldest record has waited long enough, and records have been collected long enough.
   *
   * @param now wall-clock milliseconds
   * @param delayMillis not negative; how long the oldest record waits
   * @param collectingMillis how long to collect; without effect where no record may wait
   */
  boolean isDue(long now, long delayMillis, long collectingMillis) {
    return !isEmpty()
        && now - waiting.get(0).since() >= delayMillis
        && (delayMillis == 0 || now - begunAt >= collectingMillis);
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
