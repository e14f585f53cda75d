package dev.valence.stream.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what one fleet is told on the control topic, without a consumer group, so that every
 * instance sees everything. A record that cannot be understood changes nothing. For one thread.
 */
public final class ControlReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ControlReader.class);
  private static final int PARTITION = 0;
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private final String fleet;

  private Assignment assignment = Assignment.LATEST;

  /**
   * Connects, and reads nothing yet.
   *
   * @param settings of a Kafka consumer: where the brokers are, and how to be let in
   * @param topic the control topic; it exists
   * @param fleet application id of the processors
   */
  public ControlReader(Map<String, Object> settings, String topic, String fleet) {
    Map<String, Object> own = new HashMap<>(settings);
    own.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    own.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    own.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    own.remove(ConsumerConfig.GROUP_ID_CONFIG);
    own.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    this.fleet = fleet;
    this.partition = new TopicPartition(topic, PARTITION);
    this.consumer =
        new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
  }

  /**
   * Reads everything that is on the topic now.
   *
   * @param timeout how long the brokers may take
   * @return what the fleet was told last; {@link Assignment#LATEST} if nothing
   * @throws TimeoutException if the brokers take longer
   * @throws UnknownTopicOrPartitionException if there is no such topic
   */
  public Assignment readToEnd(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (consumer.partitionsFor(partition.topic(), timeout).isEmpty()) {
      throw new UnknownTopicOrPartitionException("there is no topic " + partition.topic());
    }
    long end = consumer.endOffsets(List.of(partition), timeout).get(partition);
    while (consumer.position(partition, timeout) < end) {
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("the topic " + partition.topic() + " was not read in time");
      }
      poll(POLL);
    }
    return assignment;
  }

  /**
   * Waits for news.
   *
   * @param timeout how long at most
   * @return what the fleet was told last
   */
  public Assignment poll(Duration timeout) {
    consumer.poll(timeout).forEach(this::take);
    return assignment;
  }

  /** Ends a {@link #poll} of another thread, with Kafka's {@code WakeupException}. */
  public void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || !new String(record.key(), StandardCharsets.UTF_8).equals(fleet)) {
      return;
    }
    try {
      assignment = record.value() == null ? Assignment.LATEST : Assignment.fromJson(record.value());
    } catch (IOException e) {
      LOG.warn(
          "The record at offset {} of {} is not understood and changes nothing: {}",
          record.offset(),
          partition.topic(),
          e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage());
    }
  }
}
