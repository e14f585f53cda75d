package dev.valence.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends records that number themselves, and notes when each one's answer is committed. */
final class Round implements AutoCloseable {

  private final String topic;
  private final String answers;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final AtomicLongArray sentAt;
  private final AtomicLongArray answeredAt;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final Thread reader = new Thread(this::read, "answers");
  private volatile boolean closed;

  /**
   * Connects; {@link #start} begins to read.
   *
   * @param answers topic of the answers, keyed as their records
   * @param capacity most records of this round
   */
  Round(String brokers, String topic, String answers, int capacity) {
    this.topic = topic;
    this.answers = answers;
    this.sentAt = new AtomicLongArray(capacity);
    this.answeredAt = new AtomicLongArray(capacity);
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers, "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", brokers, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** The topic of the answers exists. */
  void start() {
    List<TopicPartition> partitions =
        consumer.partitionsFor(answers).stream()
            .map(partition -> new TopicPartition(answers, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    reader.setDaemon(true);
    reader.start();
  }

  /** One thread sends. */
  void send(String text) {
    int number = sent.get();
    sentAt.set(number, System.nanoTime());
    sent.incrementAndGet();
    byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    producer.send(new ProducerRecord<>(topic, key, text.getBytes(StandardCharsets.UTF_8)));
  }

  int sent() {
    return sent.get();
  }

  void awaitAll() {
    producer.flush();
    while (answered.get() < sent.get()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Nanoseconds from record to answer, of these numbers. */
  double[] latencies(int from, int to) {
    return IntStream.range(from, to).mapToDouble(this::latency).toArray();
  }

  /** The same, of those that are marked. */
  double[] latencies(int from, int to, boolean[] marked) {
    return IntStream.range(from, to)
        .filter(number -> marked[number])
        .mapToDouble(this::latency)
        .toArray();
  }

  @Override
  public void close() {
    closed = true;
    producer.close();
  }

  private double latency(int number) {
    return answeredAt.get(number) - sentAt.get(number);
  }

  private void read() {
    while (!closed) {
      consumer
          .poll(Duration.ofMillis(100))
          .forEach(
              answer -> {
                answeredAt.set(ByteBuffer.wrap(answer.key()).getInt(), System.nanoTime());
                answered.incrementAndGet();
              });
    }
    consumer.close();
  }
}
