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

/**
 * Sends records that number themselves, and notes when each one's answer is written and when it is
 * committed.
 */
final class Round implements AutoCloseable {

  private final String topic;
  private final String answers;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Reader written;
  private final Reader committed;
  private final AtomicLongArray sentAt;
  private final AtomicInteger sent = new AtomicInteger();

  /** Notes when it sees an answer. */
  private static final class Reader {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final AtomicLongArray seenAt;
    private final AtomicInteger seen = new AtomicInteger();
    private final Thread thread = new Thread(this::read, "answers");
    private volatile boolean closed;

    Reader(String brokers, String isolation, int capacity) {
      seenAt = new AtomicLongArray(capacity);
      consumer =
          new KafkaConsumer<>(
              Map.of("bootstrap.servers", brokers, "isolation.level", isolation),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
    }

    void start(String topic) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      thread.setDaemon(true);
      thread.start();
    }

    private void read() {
      while (!closed) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(
                answer -> {
                  seenAt.set(ByteBuffer.wrap(answer.key()).getInt(), System.nanoTime());
                  seen.incrementAndGet();
                });
      }
      consumer.close();
    }
  }

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
    this.written = new Reader(brokers, "read_uncommitted", capacity);
    this.committed = new Reader(brokers, "read_committed", capacity);
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers, "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** The topic of the answers exists. */
  void start() {
    written.start(answers);
    committed.start(answers);
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
    while (committed.seen.get() < sent.get() || written.seen.get() < sent.get()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Nanoseconds from record to committed answer, of the numbers that are marked. */
  double[] latencies(boolean[] marked) {
    return latencies(committed, marked);
  }

  /** The same to the answer, committed or not. */
  double[] latenciesUncommitted(boolean[] marked) {
    return latencies(written, marked);
  }

  @Override
  public void close() {
    written.closed = true;
    committed.closed = true;
    producer.close();
  }

  private double[] latencies(Reader reader, boolean[] marked) {
    return IntStream.range(0, sent.get())
        .filter(number -> marked[number])
        .mapToDouble(number -> reader.seenAt.get(number) - sentAt.get(number))
        .toArray();
  }
}
