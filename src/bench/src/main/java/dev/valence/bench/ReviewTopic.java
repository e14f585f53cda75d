package dev.valence.bench;

import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SentimentReader;
import dev.valence.stream.format.UnreadableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic of reviews and one of their scores, both new. */
final class ReviewTopic implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final String brokers;
  private final int partitions;
  private final String name = "bench-" + UUID.randomUUID();
  private final KafkaConsumer<byte[], byte[]> answers;

  private ReviewTopic(String brokers, int partitions) {
    this.brokers = brokers;
    this.partitions = partitions;
    this.answers =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", brokers, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** Creates both topics with so many partitions each. */
  static ReviewTopic create(String brokers, int partitions) {
    ReviewTopic topic = new ReviewTopic(brokers, partitions);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic.reviews(), partitions, (short) 1),
                  new NewTopic(topic.scores(), partitions, (short) 1)))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot create topics: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while topics were created", e);
    }
    return topic;
  }

  String name() {
    return name;
  }

  String reviews() {
    return name + "-reviews";
  }

  String scores() {
    return name + "-scores";
  }

  /**
   * A number of reviews that all appear on the topic at once.
   *
   * @param at when they did
   */
  record Filling(int reviews, Instant at) {}

  /**
   * Puts reviews onto the topic, several times, in turn on its partitions: with as many copies as
   * there are partitions each gets all reviews once. Who reads what is committed sees none of them
   * before it sees all.
   */
  Filling fill(List<String> texts, int copies, ReviewFormat format) {
    int sent = 0;
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int copy = 0; copy < copies; copy++) {
        for (int index = 0; index < texts.size(); index++) {
          Review review =
              Review.newBuilder()
                  .setId(Integer.toString(sent))
                  .setText(texts.get((index + copy) % texts.size()))
                  .build();
          producer.send(
              new ProducerRecord<>(reviews(), index % partitions, null, format.write(review)),
              (metadata, exception) -> failure.compareAndSet(null, exception));
          sent++;
        }
      }
      producer.flush();
      Instant before = Instant.now();
      producer.commitTransaction();
      if (failure.get() != null) {
        throw new IllegalStateException("cannot fill the topic: " + failure.get(), failure.get());
      }
      return new Filling(sent, before);
    }
  }

  /**
   * A partition that is new may refuse what comes first and take what comes second; then the first
   * is out of order for ever. So there is no second before the first is answered.
   */
  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            brokers,
            "transactional.id",
            UUID.randomUUID().toString(),
            "linger.ms",
            20,
            "compression.type",
            "lz4",
            "max.in.flight.requests.per.connection",
            1),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /**
   * Waits for so many more committed scores.
   *
   * @return when the last of them was given
   */
  Instant awaitScores(int count) {
    SentimentReader reader = new SentimentReader();
    Instant last = Instant.EPOCH;
    for (byte[] value : awaitValues(count)) {
      try {
        ReviewSentiment sentiment = reader.read(value);
        last = sentiment.getScoredAt().isAfter(last) ? sentiment.getScoredAt() : last;
      } catch (UnreadableRecordException e) {
        throw new IllegalStateException("the processor wrote what is no score", e);
      }
    }
    return last;
  }

  /** Waits for so many more committed records on the topic of scores. */
  List<byte[]> awaitValues(int count) {
    if (answers.assignment().isEmpty()) {
      List<TopicPartition> all =
          IntStream.range(0, partitions)
              .mapToObj(partition -> new TopicPartition(scores(), partition))
              .toList();
      answers.assign(all);
      answers.seekToBeginning(all);
    }
    List<byte[]> values = new ArrayList<>();
    Instant end = Instant.now().plus(PATIENCE);
    while (values.size() < count) {
      for (ConsumerRecord<byte[], byte[]> score : answers.poll(Duration.ofMillis(500))) {
        values.add(score.value());
        end = Instant.now().plus(PATIENCE);
      }
      if (Instant.now().isAfter(end)) {
        throw new IllegalStateException(
            "only %d of %d reviews were scored, and none more in %d s"
                .formatted(values.size(), count, PATIENCE.toSeconds()));
      }
    }
    return values;
  }

  @Override
  public void close() {
    answers.close();
  }
}
