package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.model.BatchPlanner;
import dev.valence.model.ReviewScorer;
import dev.valence.model.SentimentModel;
import dev.valence.model.TinyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A model that loads, and fails later: on everything, or on some reviews. */
@ExtendWith(TestBroker.Extension.class)
class BrokenModelTest {

  private static final int PARTITIONS = 4;
  private static final int POISONED = 3;
  private static final int POISON_TOKENS = 500;

  private static Path models;

  private final TestBroker broker;

  BrokenModelTest(TestBroker broker) {
    this.broker = broker;
  }

  @BeforeAll
  static void writeModel(@TempDir Path directory) {
    TinyModel.write(directory.resolve("1"));
    models = directory;
  }

  @Test
  void stopsTheStreamAndLosesNothing() throws Exception {
    int count = 200;
    ValenceConfig config = broker.config("broken", models, Map.of("valence.input.format", "text"));
    try (SentimentStream stream = SentimentStream.start(config, BrokenModelTest::closedModel)) {
      broker.produce(reviews(config, count));
      assertThatThrownBy(stream::awaitEnd)
          .isInstanceOf(StreamFailedException.class)
          .hasMessageStartingWith("the stream stopped: the model fails on every review: ");
      assertThat(TestBroker.get(stream, "/healthz").statusCode()).isEqualTo(503);
      assertThat(TestBroker.get(stream, "/readyz").body()).isEqualTo("the stream is ERROR\n");
    }
    assertThat(broker.readAll(config.sentimentsTopic())).isEmpty();
    assertThat(broker.readAll(config.deadLettersTopic())).isEmpty();
    try (Admin admin = broker.admin()) {
      assertThat(broker.committed(admin, config)).isZero();
      assertThat(TestBroker.members(admin, config)).isZero();
    }

    try (SentimentStream mended = TestBroker.start(config)) {
      assertThat(broker.read(config.sentimentsTopic(), count)).hasSize(count);
      assertThat(mended.state().isRunningOrRebalancing()).isTrue();
    }
    assertThat(broker.readAll(config.deadLettersTopic())).isEmpty();
  }

  @Test
  void putsOnlyTheReviewsAsideThatBreakTheModel() throws Exception {
    int count = 300;
    ValenceConfig config =
        broker.config(
            "poison",
            models,
            Map.of("valence.input.format", "text", "valence.batch.max.delay.ms", "3000"));

    try (SentimentStream stream = SentimentStream.start(config, BrokenModelTest::chokingOnPoison)) {
      broker.produce(reviews(config, count));
      broker.read(config.sentimentsTopic(), count - POISONED);
      broker.read(config.deadLettersTopic(), POISONED);
      assertThat(stream.state().isRunningOrRebalancing()).isTrue();
    }

    assertThat(broker.readAll(config.sentimentsTopic()))
        .extracting(TestBroker::key)
        .containsExactlyInAnyOrderElementsOf(keys(count, number -> !isPoison(number)));
    List<ConsumerRecord<byte[], byte[]>> letters = broker.readAll(config.deadLettersTopic());
    assertThat(letters)
        .extracting(TestBroker::key)
        .containsExactlyInAnyOrderElementsOf(keys(count, BrokenModelTest::isPoison));
    assertThat(letters)
        .allSatisfy(
            letter -> {
              int number = Integer.parseInt(TestBroker.key(letter));
              assertThat(letter.value()).isEqualTo(text(number).getBytes(UTF_8));
              assertThat(TestBroker.header(letter, "__streams.errors.offset"))
                  .isEqualTo(Integer.toString(number / PARTITIONS));
              assertThat(TestBroker.header(letter, "__streams.errors.message"))
                  .isEqualTo(
                      "the review breaks the model: java.lang.IllegalStateException: choked");
            });
  }

  private static List<ProducerRecord<byte[], byte[]>> reviews(ValenceConfig config, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            number -> TestBroker.numbered(config.reviewsTopic(), PARTITIONS, number, text(number)))
        .toList();
  }

  /** A review of its own length for those that are to break the model. */
  private static String text(int number) {
    return isPoison(number) ? "good film ".repeat(POISON_TOKENS / 2) : "A good film.";
  }

  private static boolean isPoison(int number) {
    return number % 100 == 42;
  }

  private static List<String> keys(int count, IntPredicate kept) {
    return IntStream.range(0, count).filter(kept).mapToObj(Integer::toString).toList();
  }

  private static ServingModel chokingOnPoison(SentimentModel model, BatchPlanner planner) {
    ReviewScorer scorer = new ReviewScorer(model, planner);
    IsolatingScorer choking =
        new IsolatingScorer(
            reviews -> {
              if (reviews.stream().anyMatch(review -> review.tokens() == POISON_TOKENS)) {
                throw new IllegalStateException("choked");
              }
              return scorer.score(reviews);
            },
            model.textPipeline().encode("A film."));
    return ServingModels.scoring(model.manifest(), model.textPipeline(), choking);
  }

  private static ServingModel closedModel(SentimentModel model, BatchPlanner planner) {
    ServingModel serving = ServingModels.of(model, planner);
    model.close();
    return serving;
  }
}
