package dev.valence.stream.control;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks what a fleet was told, and tells it something else. Connects anew for each, which happens
 * rarely. Safe for use by many threads.
 */
public final class FleetControl {

  private final Map<String, Object> consumer;
  private final Map<String, Object> producer;
  private final String topic;
  private final String fleet;
  private final Duration timeout;

  /**
   * @param consumer settings of a Kafka consumer: where the brokers are, and how to be let in
   * @param producer settings of a Kafka producer
   * @param topic the control topic
   * @param fleet application id of the processors
   * @param timeout how long the brokers may take
   */
  public FleetControl(
      Map<String, Object> consumer,
      Map<String, Object> producer,
      String topic,
      String fleet,
      Duration timeout) {
    this.consumer = consumer;
    this.producer = producer;
    this.topic = topic;
    this.fleet = fleet;
    this.timeout = timeout;
  }

  /**
   * What the fleet was told last; {@link Assignment#LATEST} if nothing.
   *
   * @throws UnknownTopicOrPartitionException if there is no such topic
   * @throws KafkaException if the brokers do not say in time
   */
  public Assignment told() {
    try (ControlReader reader = new ControlReader(consumer, topic, fleet)) {
      return reader.readToEnd(timeout);
    }
  }

  /**
   * Tells the fleet, and returns when the brokers have it.
   *
   * @throws KafkaException if they do not
   * @throws InterruptedException if the waiting thread is interrupted; it may still be told
   */
  public void tell(Assignment assignment) throws InterruptedException {
    try (ControlWriter writer = new ControlWriter(producer, topic, fleet, timeout)) {
      writer.write(assignment);
    }
  }
}
