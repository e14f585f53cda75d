package dev.valence.cli;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * Reads the committed records of all partitions of a topic as they come, without a consumer group,
 * so it takes nothing from anybody and remembers nothing. For one thread.
 */
final class SentimentTail implements AutoCloseable {
  private final CommittedTopic topic;

  private SentimentTail(CommittedTopic topic) {
    this.topic = topic;
  }

  /**
   * Goes to the beginning or the end of a topic.
   *
   * @throws CommandFailedException when the topic does not exist, or Kafka refuses
   */
  static SentimentTail open(Brokers brokers, String name, boolean fromBeginning) {
    CommittedTopic topic =
        CommittedTopic.open(
            brokers.reaching(Map.of()),
            name,
            "Start 'valence stream', which creates it, or name another with --topic.");
    try {
      if (fromBeginning) {
        topic.goToBeginning();
      } else {
        topic.goToEnd();
      }
      return new SentimentTail(topic);
    } catch (RuntimeException e) {
      topic.close();
      throw e;
    }
  }

  /**
   * What has come within a fifth of a second; perhaps nothing.
   *
   * @throws CommandFailedException if Kafka refuses
   */
  ConsumerRecords<byte[], byte[]> poll() {
    return topic.poll();
  }

  @Override
  public void close() {
    topic.close();
  }
}
