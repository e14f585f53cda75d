package dev.valence.cli;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends records to a topic, each keyed by the id of its review, so that all of one id keep their
 * order. The producer is idempotent: its own retries send nothing twice. It has one request on its
 * way at a time: with more, one that met a topic in the making was seen to be retried out of order
 * for ever.
 */
final class RecordPublisher implements AutoCloseable {
  private static final int MAX_RECORD_BYTES = 16 << 20;
  private static final int MAX_WAIT_MS = 30_000;
  private static final int BATCH_BYTES = 256 << 10;

  private final String topic;
  private final KafkaProducer<String, byte[]> producer;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicReference<CommandFailedException> failure = new AtomicReference<>();

  RecordPublisher(Brokers brokers, String topic) {
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            brokers.reaching(
                Map.of(
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    true,
                    ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                    1,
                    ProducerConfig.BATCH_SIZE_CONFIG,
                    BATCH_BYTES,
                    ProducerConfig.COMPRESSION_TYPE_CONFIG,
                    "lz4",
                    ProducerConfig.LINGER_MS_CONFIG,
                    10,
                    ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                    MAX_RECORD_BYTES,
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    MAX_WAIT_MS,
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    MAX_WAIT_MS,
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    2 * MAX_WAIT_MS)),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /**
   * Sends one record, without waiting for the brokers' answer.
   *
   * @param what it is, for the message when it fails
   * @param value null for a tombstone
   * @throws CommandFailedException when this one, or one before it, could not be written
   */
  void send(String what, String id, byte[] value) {
    rethrow();
    try {
      producer.send(
          new ProducerRecord<>(topic, id, value),
          (metadata, exception) -> {
            if (exception == null) {
              acknowledged.incrementAndGet();
            } else {
              failure.compareAndSet(null, failed(what, id, exception));
            }
          });
    } catch (KafkaException e) {
      throw failed(what, id, e);
    }
  }

  /** What to throw when a record could not be written. */
  CommandFailedException failed(String what, String id, Exception e) {
    String why = e instanceof TimeoutException ? "no broker takes it: " : "";
    return new CommandFailedException(
        "cannot write the %s %s to the topic %s: %s%s (%d are written)"
            .formatted(what, id, topic, why, e.getMessage(), acknowledged()),
        e);
  }

  /**
   * Waits until the brokers have all that was sent.
   *
   * @throws CommandFailedException when one could not be written
   */
  void flush() {
    producer.flush();
    rethrow();
  }

  /** How many records the brokers have confirmed. */
  long acknowledged() {
    return acknowledged.get();
  }

  @Override
  public void close() {
    producer.close();
  }

  private void rethrow() {
    if (failure.get() != null) {
      throw failure.get();
    }
  }
}
