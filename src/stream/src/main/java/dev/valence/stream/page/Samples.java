package dev.valence.stream.page;

import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reviews on their way from the stream's threads to the page's. One a second passes, which is what
 * a person can look at; the others cost a comparison. Safe for use by many threads.
 */
final class Samples {

  private static final double PER_SECOND = 1;
  private static final int AT_ONCE = 8;

  /** A review and its score. */
  record Sample(Review review, ReviewSentiment sentiment) {}

  private final TokenBucket rate = new TokenBucket(PER_SECOND, AT_ONCE, System::nanoTime);
  private final BlockingQueue<Sample> waiting = new ArrayBlockingQueue<>(AT_ONCE);

  /** Never waits. */
  void offer(Review review, ReviewSentiment sentiment) {
    if (waiting.remainingCapacity() > 0 && rate.take()) {
      waiting.offer(new Sample(review, sentiment));
    }
  }

  /** The next one, or null if none comes in time. */
  Sample poll(long millis) throws InterruptedException {
    return waiting.poll(Math.max(0, millis), TimeUnit.MILLISECONDS);
  }
}
