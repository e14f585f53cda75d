package dev.valence.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A topic of a test's own. */
final class Topic {
  private final Brokers brokers;
  private final String name;

  private Topic(Brokers brokers, String name) {
    this.brokers = brokers;
    this.name = name;
  }

  static Topic create(Brokers brokers, String purpose, int partitions) throws Exception {
    Topic topic = new Topic(brokers, purpose + "-" + UUID.randomUUID());
    Map<String, Object> cluster = Map.of("bootstrap.servers", brokers.address());
    try (Admin admin = Admin.create(cluster);
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(cluster, new ByteArraySerializer(), new ByteArraySerializer())) {
      admin.createTopics(List.of(new NewTopic(topic.name, partitions, (short) 1))).all().get();
      // A broker may not know yet what was created. A producer asks until it does.
      producer.partitionsFor(topic.name);
    }
    return topic;
  }

  static Topic named(Brokers brokers, String name) {
    return new Topic(brokers, name);
  }

  String name() {
    return name;
  }

  /** All records of each partition in order, those of aborted transactions on request. */
  Map<Integer, List<ConsumerRecord<String, byte[]>>> byPartition(boolean committedOnly) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                brokers.address(),
                "isolation.level",
                committedOnly ? "read_committed" : "read_uncommitted"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(name).stream()
              .map(partition -> new TopicPartition(name, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<Integer, List<ConsumerRecord<String, byte[]>>> records = new TreeMap<>();
      partitions.forEach(partition -> records.put(partition.partition(), new ArrayList<>()));
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(message -> records.get(message.partition()).add(message));
      }
      return records;
    }
  }

  /** All records, in the order of their timestamps. */
  List<ConsumerRecord<String, byte[]>> records() {
    return byPartition(true).values().stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparing(ConsumerRecord::timestamp))
        .toList();
  }
}
