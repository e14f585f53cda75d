package dev.valence.cli;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The committed records that a topic holds at one moment. Reads without a consumer group, so it
 * takes nothing from anybody and remembers nothing. For one thread.
 */
final class TopicContents implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Part of one partition.
   *
   * @param from offset of the first record that Kafka still has
   * @param to offset behind the last committed one
   */
  record Range(String topic, int partition, long from, long to) {}

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String topic;
  private final List<Range> ranges;

  private TopicContents(KafkaConsumer<byte[], byte[]> consumer, String topic, List<Range> ranges) {
    this.consumer = consumer;
    this.topic = topic;
    this.ranges = ranges;
  }

  /**
   * Looks where a topic begins and ends.
   *
   * @param settings of a consumer that reaches the brokers
   * @param remedy what to do if there is no such topic, a sentence
   * @throws CommandFailedException when the topic does not exist, or no broker answers
   */
  static TopicContents open(Map<String, Object> settings, String topic, String remedy) {
    Map<String, Object> bounded = new HashMap<>(settings);
    bounded.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    bounded.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    bounded.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    bounded.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    Object address = settings.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG);
    KafkaConsumer<byte[], byte[]> consumer = null;
    try {
      consumer =
          new KafkaConsumer<>(bounded, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic, ANSWER).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .sorted(Comparator.comparingInt(TopicPartition::partition))
              .toList();
      if (partitions.isEmpty()) {
        throw new CommandFailedException("no topic %s at %s. %s".formatted(topic, address, remedy));
      }
      Map<TopicPartition, Long> from = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> to = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      from.forEach(consumer::seek);
      return new TopicContents(
          consumer,
          topic,
          partitions.stream()
              .map(next -> new Range(topic, next.partition(), from.get(next), to.get(next)))
              .toList());
    } catch (TimeoutException e) {
      consumer.close();
      throw new CommandFailedException(
          "no Kafka broker answers at %s (waited %d s). Start one (valence broker), or name another with --bootstrap-server."
              .formatted(address, ANSWER.toSeconds()),
          e);
    } catch (CommandFailedException e) {
      consumer.close();
      throw e;
    } catch (KafkaException e) {
      if (consumer != null) {
        consumer.close();
      }
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new CommandFailedException(
          "cannot read the topic %s at %s: %s".formatted(topic, address, reason.getMessage()), e);
    }
  }

  /** What is read, a range a partition. */
  List<Range> ranges() {
    return ranges;
  }

  /**
   * Hands out all records, those of a partition in order.
   *
   * @throws CommandFailedException if Kafka refuses, or nothing comes for a minute
   */
  void forEach(Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long position = position();
    while (!isRead()) {
      for (ConsumerRecord<byte[], byte[]> next : poll()) {
        if (next.offset() < ranges.get(next.partition()).to()) {
          reader.accept(next);
        }
      }
      if (position() > position) {
        position = position();
        deadline = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new CommandFailedException(
            "the topic %s gave nothing for %d s. Look at the brokers, and try again."
                .formatted(topic, PATIENCE.toSeconds()));
      }
    }
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    try {
      return consumer.poll(POLL);
    } catch (KafkaException e) {
      throw new CommandFailedException(
          "cannot read the topic %s: %s".formatted(topic, e.getMessage()), e);
    }
  }

  private boolean isRead() {
    return ranges.stream().allMatch(range -> position(range) >= range.to());
  }

  private long position() {
    return ranges.stream().mapToLong(this::position).sum();
  }

  private long position(Range range) {
    return consumer.position(new TopicPartition(topic, range.partition()));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
