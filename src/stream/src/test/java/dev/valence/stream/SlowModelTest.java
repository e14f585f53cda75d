package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.model.BatchPlanner;
import dev.valence.model.ReviewScorer;
import dev.valence.model.SentimentModel;
import dev.valence.model.TinyModel;
import dev.valence.stream.control.Assignment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A model that slows down to where a few runs outlast their transaction. */
@ExtendWith(TestBroker.Extension.class)
class SlowModelTest {

  private static final int PARTITIONS = 4;

  /**
   * One a partition: scored in two runs, the second of them too long for the transaction that the
   * first began, unless all have been fetched before the first.
   */
  private static final int REVIEWS = PARTITIONS;

  private static final Duration TRANSACTION = Duration.ofSeconds(2);
  private static final Duration BATCH = Duration.ofMillis(2100);

  private static Path models;

  private final TestBroker broker;

  SlowModelTest(TestBroker broker) {
    this.broker = broker;
  }

  @BeforeAll
  static void writeModel(@TempDir Path directory) {
    TinyModel.write(directory.resolve("1"));
    TinyModel.write(directory.resolve("2"), TinyModel.draft(2, 0));
    models = directory;
  }

  /** Left alone, Kafka Streams would start over for ever, and nothing would say why. */
  @Test
  @Timeout(300)
  void saysSoInsteadOfStartingOverForEver() throws Exception {
    ValenceConfig config =
        broker.config(
            "slow",
            models,
            Map.of(
                "valence.input.format", "text",
                "valence.batch.max.delay.ms", "0",
                "kafka.num.stream.threads", "1",
                "kafka.commit.interval.ms", "100",
                "kafka.producer.transaction.timeout.ms", "" + TRANSACTION.toMillis()));
    broker.createTopic(config.reviewsTopic(), PARTITIONS);
    int produced = 0;
    try (SentimentStream stream = SentimentStream.start(config, SlowModelTest::slow);
        KafkaConsumer<byte[], byte[]> scores = broker.committedReader(config.sentimentsTopic())) {
      int scored = 0;
      while (isRunning(stream)) {
        broker.produce(reviews(config, produced));
        produced += REVIEWS;
        while (scored < produced && isRunning(stream)) {
          scored += scores.poll(Duration.ofMillis(100)).count();
        }
      }
      assertThatThrownBy(stream::awaitEnd)
          .isInstanceOf(StreamFailedException.class)
          .hasMessageStartingWith("the stream stopped: the model is too slow: it scored for ")
          .hasMessageContaining(
              " within one transaction, which may last 2 s, 3 times in a row. Raise"
                  + " kafka.producer.transaction.timeout.ms");
    }
    try (Admin admin = broker.admin()) {
      assertThat(TestBroker.members(admin, config)).isZero();
    }

    try (SentimentStream mended = TestBroker.start(config)) {
      broker.read(config.sentimentsTopic(), produced);
      assertThat(isRunning(mended)).isTrue();
    }
    assertThat(broker.readAll(config.sentimentsTopic()))
        .extracting(TestBroker::key)
        .doesNotHaveDuplicates()
        .hasSize(produced);
  }

  private static boolean isRunning(SentimentStream stream) {
    return stream.state().isRunningOrRebalancing();
  }

  private static List<ProducerRecord<byte[], byte[]>> reviews(ValenceConfig config, int from) {
    return IntStream.range(from, from + REVIEWS)
        .mapToObj(
            number ->
                TestBroker.numbered(config.reviewsTopic(), PARTITIONS, number, "A good film."))
        .toList();
  }

  @Test
  @Timeout(120)
  void refusesAVersionThatCouldNotKeepItsTransactions() throws Exception {
    ValenceConfig config =
        broker.config("slower", models, Map.of("kafka.producer.transaction.timeout.ms", "3000"));
    new Topics(config).prepare();
    Assignment first = Assignment.LATEST.activate(1L);
    broker.assign(config, first);

    try (SentimentStream stream =
        SentimentStream.start(
            config,
            (model, planner) ->
                model.manifest().version() == 1
                    ? ServingModels.of(model, planner)
                    : slow(model, planner))) {
      broker.assign(config, first.activate(2L));

      String complaint = TestBroker.get(stream, "/readyz").body();
      while (!complaint.contains("version 2 is refused")) {
        complaint = TestBroker.get(stream, "/readyz").body();
      }
      assertThat(complaint)
          .contains("version 1 serves: the model is too slow for")
          .contains("kafka.producer.transaction.timeout.ms=3000");
      assertThat(stream.model().version()).isEqualTo(1);
    }
  }

  private static ServingModel slow(SentimentModel model, BatchPlanner planner) {
    ReviewScorer scorer = new ReviewScorer(model, planner);
    IsolatingScorer slow =
        new IsolatingScorer(
            reviews -> {
              long end = System.nanoTime() + BATCH.toNanos();
              for (long left = BATCH.toNanos(); left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
              }
              return scorer.score(reviews);
            },
            model.textPipeline().encode("A film."));
    return ServingModels.scoring(model.manifest(), model.textPipeline(), slow);
  }
}
