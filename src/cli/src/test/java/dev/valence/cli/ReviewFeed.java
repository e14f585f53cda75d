package dev.valence.cli;

import dev.valence.schema.Review;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** Sends reviews at a steady rate until it is told to stop: {@code r0}, {@code r1} and so on. */
final class ReviewFeed implements AutoCloseable {
  private static final String[] WORDS = {
    "good", "great", "bad", "awful", "the", "film", "kettle", "and", "but", "unheard-of", "."
  };
  private static final int LONGEST = 60;

  private final ReviewPublisher publisher;
  private final int perSecond;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "feed");
  private volatile boolean stopped;

  ReviewFeed(ReviewPublisher publisher, int perSecond) {
    this.publisher = publisher;
    this.perSecond = perSecond;
    thread.start();
  }

  /** The review with that number, always the same. */
  static Review review(int number) {
    Random random = new Random(number);
    String text =
        random
            .ints(random.nextInt(LONGEST), 0, WORDS.length)
            .mapToObj(word -> WORDS[word])
            .collect(Collectors.joining(" "));
    return Review.newBuilder().setId("r" + number).setText(text).build();
  }

  /** Sends no more, and waits until the brokers have all. */
  int stop() throws InterruptedException {
    stopped = true;
    thread.join();
    if (failure.get() != null) {
      throw failure.get();
    }
    publisher.flush();
    return sent.get();
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    publisher.close();
  }

  private void run() {
    long start = System.nanoTime();
    try {
      while (!stopped) {
        long due = (System.nanoTime() - start) * perSecond / TimeUnit.SECONDS.toNanos(1);
        while (sent.get() < due && !stopped) {
          publisher.send(review(sent.get()));
          sent.incrementAndGet();
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (RuntimeException e) {
      failure.set(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
