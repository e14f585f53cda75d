package dev.valence.cli;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The committed records that a topic holds at one moment. Reads without a consumer group, so it
 * takes nothing from anybody and remembers nothing. For one thread.
 */
final class TopicContents implements AutoCloseable {

  /**
   * Part of one partition.
   *
   * @param from offset of the first record that Kafka still has
   * @param to offset behind the last committed one
   */
  record Range(String topic, int partition, long from, long to) {}

  private final CommittedTopic topic;
  private final Map<TopicPartition, Long> ends;
  private final List<Range> ranges;

  private TopicContents(CommittedTopic topic, Map<TopicPartition, Long> ends, List<Range> ranges) {
    this.topic = topic;
    this.ends = ends;
    this.ranges = ranges;
  }

  /**
   * Looks where a topic begins and ends.
   *
   * @param settings of a consumer that reaches the brokers
   * @param remedy what to do if there is no such topic, a sentence
   * @throws CommandFailedException when the topic does not exist, no broker answers, or Kafka
   *     refuses
   */
  static TopicContents open(Map<String, Object> settings, String name, String remedy) {
    CommittedTopic topic = CommittedTopic.open(settings, name, remedy);
    try {
      Map<TopicPartition, Long> from = topic.goToBeginning();
      Map<TopicPartition, Long> to = topic.ends();
      return new TopicContents(
          topic,
          to,
          topic.partitions().stream()
              .map(next -> new Range(name, next.partition(), from.get(next), to.get(next)))
              .toList());
    } catch (RuntimeException e) {
      topic.close();
      throw e;
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
    topic.readTo(ends, () -> false, some -> some.forEach(reader));
  }

  @Override
  public void close() {
    topic.close();
  }
}
