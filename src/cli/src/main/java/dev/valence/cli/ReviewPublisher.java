package dev.valence.cli;

import dev.valence.schema.Review;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SchemaRefusedException;
import dev.valence.stream.format.SchemaRegistryUnavailableException;

/** Sends reviews to a topic, each keyed by its id. */
final class ReviewPublisher implements AutoCloseable {
  private static final String KIND = "review";

  private final ReviewFormat format;
  private final RecordPublisher records;

  ReviewPublisher(Brokers brokers, String topic, ReviewFormat format) {
    this.format = format;
    this.records = new RecordPublisher(brokers, topic);
  }

  /**
   * Sends one review, without waiting for the brokers' answer.
   *
   * @throws CommandFailedException when this one, or one before it, could not be written
   */
  void send(Review review) {
    try {
      records.send(KIND, review.getId(), format.write(review));
    } catch (SchemaRegistryUnavailableException | SchemaRefusedException e) {
      throw records.failed(KIND, review.getId(), e);
    }
  }

  /**
   * Waits until the brokers have all that was sent.
   *
   * @throws CommandFailedException when one could not be written
   */
  void flush() {
    records.flush();
  }

  /** How many reviews the brokers have confirmed. */
  long acknowledged() {
    return records.acknowledged();
  }

  @Override
  public void close() {
    records.close();
  }
}
