package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.TinyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Batches that would never be full nor due: only commits empty them. Fails if Kafka Streams no
 * longer calls {@link CommitHook} before it flushes and commits.
 */
@ExtendWith(TestBroker.Extension.class)
class DrainOrderTest {

  private static final int COUNT = 3_000;
  private static final Map<String, String> NEVER_DUE =
      Map.of(
          "valence.input.format", "text",
          "valence.batch.max.delay.ms", "60000",
          "valence.batch.max.reviews", "100000",
          "valence.batch.max.tokens", "1000000000",
          "kafka.commit.interval.ms", "100");

  private static Path models;

  private final TestBroker broker;

  DrainOrderTest(TestBroker broker) {
    this.broker = broker;
  }

  @BeforeAll
  static void writeModel(@TempDir Path directory) {
    TinyModel.write(directory.resolve("1"));
    models = directory;
  }

  @ParameterizedTest
  @ValueSource(strings = {"exactly_once_v2", "at_least_once"})
  void committedOffsetsNeverRunAheadOfResults(String guarantee) throws Exception {
    ValenceConfig config =
        broker.config(
            "drain-" + guarantee,
            models,
            TestBroker.with(NEVER_DUE, "kafka.processing.guarantee", guarantee));
    int written = 0;

    try (SentimentStream stream = TestBroker.start(config);
        Admin admin = broker.admin();
        // Offsets may be seen a moment before the last partition of their transaction can be read.
        KafkaConsumer<byte[], byte[]> reader = broker.writtenReader(config.sentimentsTopic())) {
      long deadline = System.nanoTime() + TestBroker.PATIENCE.toNanos();
      for (int from = 0; written < COUNT && System.nanoTime() < deadline; from += 100) {
        broker.produce(reviews(config, from, Math.min(COUNT, from + 100)));
        long committed = broker.committed(admin, config);
        written += TestBroker.readToEnd(reader).size();
        assertThat((long) written).isGreaterThanOrEqualTo(committed);
      }
      assertThat(stream.state().isRunningOrRebalancing()).isTrue();
    }

    assertThat(broker.read(config.sentimentsTopic(), COUNT))
        .extracting(TestBroker::key)
        .doesNotHaveDuplicates()
        .hasSize(COUNT);
  }

  @Test
  void nothingIsLostOrRepeatedWhenPartitionsMove() throws Exception {
    ValenceConfig config =
        broker.config(
            "moves", models, TestBroker.with(NEVER_DUE, "kafka.commit.interval.ms", "5000"));

    SentimentStream first = TestBroker.start(config);
    broker.produce(reviews(config, 0, COUNT / 3));
    try (SentimentStream second = TestBroker.start(config)) {
      broker.produce(reviews(config, COUNT / 3, 2 * COUNT / 3));
      broker.read(config.sentimentsTopic(), COUNT / 2);
      first.close();
      broker.produce(reviews(config, 2 * COUNT / 3, COUNT));
      broker.read(config.sentimentsTopic(), COUNT);
      assertThat(second.state().isRunningOrRebalancing()).isTrue();
    }

    assertThat(broker.readAll(config.sentimentsTopic()))
        .extracting(TestBroker::key)
        .doesNotHaveDuplicates()
        .hasSize(COUNT);
  }

  private static List<ProducerRecord<byte[], byte[]>> reviews(
      ValenceConfig config, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            number ->
                new ProducerRecord<>(
                    config.reviewsTopic(),
                    Integer.toString(number).getBytes(UTF_8),
                    "A good film.".getBytes(UTF_8)))
        .toList();
  }
}
