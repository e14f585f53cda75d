package dev.valence.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the committed records of all partitions of a topic, without a consumer group, so it takes
 * nothing from anybody and remembers nothing. For one thread.
 */
final class SentimentTail implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;

  private SentimentTail(KafkaConsumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /**
   * Goes to the beginning or the end of a topic.
   *
   * @throws CommandFailedException when the topic does not exist
   */
  static SentimentTail open(Brokers brokers, String topic, boolean fromBeginning) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            brokers.reaching(
                Map.of(
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    "read_committed",
                    ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                    false)),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    try {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      if (partitions.isEmpty()) {
        throw new CommandFailedException(
            "no topic %s at %s. Start 'valence stream', which creates it, or name another with --topic."
                .formatted(topic, brokers.address()));
      }
      consumer.assign(partitions);
      if (fromBeginning) {
        consumer.seekToBeginning(partitions);
      } else {
        consumer.seekToEnd(partitions);
      }
      return new SentimentTail(consumer);
    } catch (KafkaException e) {
      consumer.close();
      throw new CommandFailedException(
          "cannot read the topic %s at %s: %s".formatted(topic, brokers.address(), e.getMessage()),
          e);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /** What has come within a fifth of a second; perhaps nothing. */
  ConsumerRecords<byte[], byte[]> poll() {
    return consumer.poll(POLL);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
