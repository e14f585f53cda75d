package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.BatchPlanner;
import dev.valence.model.ReviewScorer;
import dev.valence.model.SentimentModel;
import dev.valence.model.TinyModel;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SentimentReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strangers' bytes among reviews, through the whole processor on a real broker. */
@ExtendWith(TestBroker.Extension.class)
class PoisonTest {

  private static final int COUNT = 400;
  private static final int PARTITIONS = 4;
  private static final int POISON_TOKENS = 137;

  private static Path models;

  private final TestBroker broker;

  PoisonTest(TestBroker broker) {
    this.broker = broker;
  }

  @BeforeAll
  static void writeModel(@TempDir Path directory) {
    TinyModel.write(directory.resolve("1"));
    models = directory;
  }

  @ParameterizedTest
  @ValueSource(strings = {"avro", "json", "text"})
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void endsInScoresOrDeadLettersAndHarmsNoNeighbour(String format) throws Exception {
    ValenceConfig config =
        broker.config("fuzz-" + format, models, Map.of("valence.input.format", format));
    List<ProducerRecord<byte[], byte[]>> records = records(config, format);

    try (SentimentStream stream = SentimentStream.start(config, PoisonTest::choking)) {
      broker.produce(records);
      int answered = 0;
      while (answered < COUNT) {
        assertThat(stream.state().isRunningOrRebalancing()).isTrue();
        answered =
            broker.readAll(config.sentimentsTopic()).size()
                + broker.readAll(config.deadLettersTopic()).size();
      }
    }

    Map<String, ConsumerRecord<byte[], byte[]>> scores = byKey(config.sentimentsTopic());
    Map<String, ConsumerRecord<byte[], byte[]>> letters = byKey(config.deadLettersTopic());
    assertThat(scores).hasSizeGreaterThan(COUNT / 2);
    assertThat(scores.size() + letters.size()).isEqualTo(COUNT);
    assertThat(scores.keySet()).doesNotContainAnyElementsOf(letters.keySet());
    for (int number = 0; number < COUNT; number++) {
      String key = Integer.toString(number);
      switch (kind(number)) {
        case GOOD -> assertScored(scores.get(key), number);
        case HARD -> assertThat(scores).containsKey(key);
        case GARBAGE -> assertThat(letters).containsKey(key);
        case POISON ->
            assertThat(TestBroker.header(letters.get(key), "__streams.errors.message"))
                .startsWith("the review breaks the model: ");
        default -> {}
      }
      if (letters.containsKey(key)) {
        assertDead(letters.get(key), records.get(number), number);
      }
    }
  }

  /** The letter has to fit onto its topic, where the review did. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void quotesOnlyTheBeginningOfAReview() throws Exception {
    ValenceConfig config =
        broker.config("long-quote", models, Map.of("valence.input.format", "json"));
    String value =
        "{\"id\":\"a\",\"text\":\"good\",\"writtenAt\":\"" + "late ".repeat(50_000) + "\"}";

    try (SentimentStream stream = SentimentStream.start(config)) {
      broker.produce(
          List.of(
              new ProducerRecord<>(
                  config.reviewsTopic(), "a".getBytes(UTF_8), value.getBytes(UTF_8))));
      while (broker.readAll(config.deadLettersTopic()).isEmpty()) {
        assertThat(stream.state().isRunningOrRebalancing()).isTrue();
      }
    }

    ConsumerRecord<byte[], byte[]> letter = byKey(config.deadLettersTopic()).get("a");
    assertThat(letter.value()).asString(UTF_8).isEqualTo(value);
    assertThat(TestBroker.header(letter, "__streams.errors.message"))
        .startsWith("the field \"writtenAt\" is not a time: \"late late ")
        .hasSizeLessThan(400);
  }

  private enum Kind {
    GOOD,
    HARD,
    GARBAGE,
    DAMAGED,
    POISON
  }

  private static Kind kind(int number) {
    return switch (number % 10) {
      case 3 -> Kind.GARBAGE;
      case 5 -> Kind.DAMAGED;
      case 7 -> number % 50 == 7 ? Kind.POISON : Kind.HARD;
      default -> Kind.GOOD;
    };
  }

  private static List<ProducerRecord<byte[], byte[]>> records(ValenceConfig config, String format) {
    Fuzz fuzz = new Fuzz(20_261_123);
    ReviewFormat reviews = ReviewFormat.named(format);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int number = 0; number < COUNT; number++) {
      byte[] value =
          switch (kind(number)) {
            case GOOD -> reviews.write(review(number, goodText(number)));
            case HARD -> reviews.write(review(number, fuzz.hardText()));
            case POISON -> reviews.write(review(number, "good ".repeat(POISON_TOKENS)));
            case GARBAGE -> fuzz.garbage(format);
            case DAMAGED -> fuzz.damaged(reviews.write(review(number, goodText(number))));
          };
      records.add(
          new ProducerRecord<>(
              config.reviewsTopic(),
              number % PARTITIONS,
              Integer.toString(number).getBytes(UTF_8),
              value));
    }
    return records;
  }

  private static Review review(int number, String text) {
    return new Review(Integer.toString(number), text, null, null);
  }

  private static String goodText(int number) {
    return "the " + (number % 3 == 0 ? "awful" : "great") + " film";
  }

  private static void assertScored(ConsumerRecord<byte[], byte[]> score, int number)
      throws Exception {
    ReviewSentiment sentiment = new SentimentReader().read(score.value());
    assertThat(sentiment.getReviewId()).isEqualTo(Integer.toString(number));
    assertThat(sentiment.getLabel()).isEqualTo(number % 3 == 0 ? "negative" : "positive");
  }

  private static void assertDead(
      ConsumerRecord<byte[], byte[]> letter, ProducerRecord<byte[], byte[]> original, int number) {
    assertThat(letter.value()).isEqualTo(original.value());
    assertThat(TestBroker.header(letter, "__streams.errors.partition"))
        .isEqualTo(Integer.toString(number % PARTITIONS));
    assertThat(TestBroker.header(letter, "__streams.errors.offset"))
        .isEqualTo(Integer.toString(number / PARTITIONS));
    assertThat(TestBroker.header(letter, "__streams.errors.message")).isNotBlank();
  }

  private Map<String, ConsumerRecord<byte[], byte[]>> byKey(String topic) {
    Map<String, ConsumerRecord<byte[], byte[]>> records = new HashMap<>();
    broker.readAll(topic).forEach(record -> records.put(TestBroker.key(record), record));
    return records;
  }

  private static ServingModel choking(SentimentModel model, BatchPlanner planner) {
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
}
