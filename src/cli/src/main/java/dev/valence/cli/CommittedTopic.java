package dev.valence.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The committed records of all partitions of a topic, which it never creates. It takes no
 * partitions from anybody, and begins where its settings say: behind what a group has seen if they
 * name one. For one thread.
 */
final class CommittedTopic implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** What {@code default.api.timeout.ms} is unless the settings say otherwise. */
  private static final int PATIENCE_MS = 60_000;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String name;
  private final String address;
  private final List<TopicPartition> partitions;
  private final Duration patience;

  private CommittedTopic(
      KafkaConsumer<byte[], byte[]> consumer,
      String name,
      String address,
      List<TopicPartition> partitions,
      Duration patience) {
    this.consumer = consumer;
    this.name = name;
    this.address = address;
    this.partitions = partitions;
    this.patience = patience;
  }

  /**
   * Looks for a topic.
   *
   * @param settings of a consumer that reaches the brokers
   * @param remedy what to do if there is no such topic, a sentence
   * @throws CommandFailedException when the topic does not exist, no broker answers, or Kafka
   *     refuses
   */
  static CommittedTopic open(Map<String, Object> settings, String name, String remedy) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    String address = String.valueOf(settings.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG));
    KafkaConsumer<byte[], byte[]> consumer = null;
    try {
      consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      List<TopicPartition> partitions =
          consumer.partitionsFor(name, ANSWER).stream()
              .map(partition -> new TopicPartition(name, partition.partition()))
              .sorted(Comparator.comparingInt(TopicPartition::partition))
              .toList();
      if (partitions.isEmpty()) {
        throw new CommandFailedException("no topic %s at %s. %s".formatted(name, address, remedy));
      }
      consumer.assign(partitions);
      return new CommittedTopic(consumer, name, address, partitions, patience(settings));
    } catch (RuntimeException e) {
      if (consumer != null) {
        consumer.close();
      }
      if (e instanceof TimeoutException) {
        throw new CommandFailedException(
            "no Kafka broker answers at %s (waited %d s). Start one (valence broker), or name another with --bootstrap-server."
                .formatted(address, ANSWER.toSeconds()),
            e);
      }
      throw e instanceof KafkaException refused ? unreadable(name, address, refused) : e;
    }
  }

  private static Duration patience(Map<String, Object> settings) {
    Object given = settings.getOrDefault(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
    return Duration.ofMillis(Long.parseLong(given.toString().strip()));
  }

  /** In the order of their numbers. */
  List<TopicPartition> partitions() {
    return partitions;
  }

  /**
   * Goes to the first record that Kafka still has.
   *
   * @return its offset in each partition
   * @throws CommandFailedException if Kafka does not say where that is
   */
  Map<TopicPartition, Long> goToBeginning() {
    return ask(() -> goTo(consumer.beginningOffsets(partitions)));
  }

  /**
   * Goes behind the last committed record.
   *
   * @throws CommandFailedException if Kafka does not say where that is
   */
  void goToEnd() {
    ask(() -> goTo(consumer.endOffsets(partitions)));
  }

  private Map<TopicPartition, Long> goTo(Map<TopicPartition, Long> offsets) {
    offsets.forEach(consumer::seek);
    return offsets;
  }

  /**
   * The offset behind the last committed record of each partition.
   *
   * @throws CommandFailedException if Kafka does not say
   */
  Map<TopicPartition, Long> ends() {
    return ask(() -> consumer.endOffsets(partitions));
  }

  /**
   * What has come within a fifth of a second; perhaps nothing.
   *
   * @throws CommandFailedException if Kafka refuses
   */
  ConsumerRecords<byte[], byte[]> poll() {
    return ask(() -> consumer.poll(POLL));
  }

  /**
   * Hands out the records from here to an offset of each partition, those of a partition in order.
   *
   * @param ends offsets of the first records to leave
   * @param enough asked before each step, whether to end early
   * @param reader takes some, never none
   * @throws CommandFailedException if Kafka refuses, or nothing comes for as long as a client
   *     waits, which is a minute
   */
  void readTo(
      Map<TopicPartition, Long> ends,
      BooleanSupplier enough,
      Consumer<List<ConsumerRecord<byte[], byte[]>>> reader) {
    long position = position();
    long deadline = System.nanoTime() + patience.toNanos();
    while (!enough.getAsBoolean() && !isAt(ends)) {
      List<ConsumerRecord<byte[], byte[]>> some = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> next : poll()) {
        if (next.offset() < ends.get(new TopicPartition(next.topic(), next.partition()))) {
          some.add(next);
        }
      }
      if (!some.isEmpty()) {
        reader.accept(some);
      }
      if (position() != position) {
        position = position();
        deadline = System.nanoTime() + patience.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new CommandFailedException(
            "the topic %s gave nothing for %d s. Look at the brokers at %s, and try again."
                .formatted(name, patience.toSeconds(), address));
      }
    }
  }

  private boolean isAt(Map<TopicPartition, Long> ends) {
    return partitions.stream().allMatch(partition -> position(partition) >= ends.get(partition));
  }

  private long position() {
    return partitions.stream().mapToLong(this::position).sum();
  }

  private long position(TopicPartition partition) {
    return ask(() -> consumer.position(partition));
  }

  /** Of the group that the settings name. */
  ConsumerGroupMetadata groupMetadata() {
    return consumer.groupMetadata();
  }

  /**
   * How many partitions a topic has, for example another one.
   *
   * @return 0 if it does not exist
   * @throws KafkaException if Kafka refuses
   */
  int partitionsOf(String topic) {
    return consumer.partitionsFor(topic).size();
  }

  private <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (KafkaException e) {
      throw unreadable(name, address, e);
    }
  }

  private static CommandFailedException unreadable(
      String name, String address, KafkaException refused) {
    return new CommandFailedException(
        "cannot read the topic %s at %s: %s".formatted(name, address, Brokers.reason(refused)),
        refused);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
