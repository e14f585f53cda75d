package dev.valence.cli;

import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.format.SentimentReader;
import dev.valence.stream.format.UnreadableRecordException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import picocli.CommandLine.Help.Ansi;

/** Sends sample reviews and prints their scores until there are enough. */
final class DemoRun {
  private static final double REVIEWS_PER_SECOND = 2;
  private static final int MOST_UNDERWAY = 5_000;

  private final ReviewPublisher publisher;
  private final SentimentTail tail;
  private final PrintWriter out;
  private final DemoReviews reviews;
  private final DemoTable table = new DemoTable(Ansi.AUTO);
  private final SentimentReader reader = new SentimentReader();

  private long sent;
  private long scored;

  DemoRun(ReviewPublisher publisher, SentimentTail tail, PrintWriter out) throws IOException {
    this.publisher = publisher;
    this.tail = tail;
    this.out = out;
    this.reviews = DemoReviews.load();
  }

  /** Waits until the processor has its partitions, so that the clock starts with the work. */
  void awaitProcessor(BooleanSupplier ready, BooleanSupplier stop) {
    while (!ready.getAsBoolean() && !stop.getAsBoolean()) {
      show(tail.poll());
    }
  }

  /**
   * Runs until {@code records} scores are shown, or nobody reads them any more.
   *
   * @param records how many, as fast as it goes; null for ever, at two a second
   * @param stop asked a few times a second
   * @return how many scores were shown
   */
  long run(Long records, BooleanSupplier stop) {
    long started = System.nanoTime();
    out.println(table.header());
    while (!out.checkError() && !stop.getAsBoolean() && (records == null || scored < records)) {
      double seconds = (System.nanoTime() - started) / 1e9;
      long due = records == null ? (long) (seconds * REVIEWS_PER_SECOND) : records;
      while (sent < due && sent - scored < MOST_UNDERWAY) {
        publisher.send(reviews.review(sent++));
      }
      show(tail.poll());
    }
    return scored;
  }

  private void show(ConsumerRecords<byte[], byte[]> sentiments) {
    for (ConsumerRecord<byte[], byte[]> message : sentiments) {
      try {
        ReviewSentiment sentiment = reader.read(message.value());
        out.println(table.row(reviews.sample(sentiment.getReviewId()), sentiment));
        scored++;
      } catch (UnreadableRecordException e) {
        throw new IllegalStateException("the processor wrote what is not a score", e);
      }
    }
  }
}
