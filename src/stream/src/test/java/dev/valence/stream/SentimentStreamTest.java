package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.TinyModel;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SentimentReader;
import dev.valence.stream.format.UnreadableRecordException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole processor against a real broker, with a real model. */
@ExtendWith(TestBroker.Extension.class)
class SentimentStreamTest {

  private static final int PARTITIONS = 4;
  private static final Pattern ONE_COMMIT =
      Pattern.compile("kafka_stream_thread_commit_total\\{[^}]*} 1\\.0");

  /** Recent, or the broker's retention deletes the records half a minute after it started. */
  private static final long FIRST_TIMESTAMP = System.currentTimeMillis() - 3_600_000;

  private static Path models;

  private final TestBroker broker;

  SentimentStreamTest(TestBroker broker) {
    this.broker = broker;
  }

  @BeforeAll
  static void writeModel(@TempDir Path directory) {
    TinyModel.write(directory.resolve("1"));
    models = directory;
  }

  @ParameterizedTest
  @ValueSource(strings = {"avro", "json", "text"})
  void scoresEachReviewOnceInOrderOfItsPartition(String format) throws Exception {
    int count = 2_000;
    ReviewFormat reviews = ReviewFormat.named(format);
    ValenceConfig config =
        broker.config("order-" + format, models, Map.of("valence.input.format", format));

    try (SentimentStream stream = TestBroker.start(config)) {
      broker.produce(
          IntStream.range(0, count)
              .mapToObj(number -> record(config, number, reviews.write(review(number))))
              .toList());
      broker.read(config.sentimentsTopic(), count);
      assertThat(stream.state().isRunningOrRebalancing()).isTrue();
    }

    List<ConsumerRecord<byte[], byte[]>> results = broker.readAll(config.sentimentsTopic());
    assertThat(results)
        .extracting(SentimentStreamTest::number)
        .doesNotHaveDuplicates()
        .hasSize(count);
    assertThat(results).allSatisfy(SentimentStreamTest::assertAnswersItsReview);
    assertInOrderPerPartition(results);
    assertThat(broker.readAll(config.deadLettersTopic())).isEmpty();
  }

  @Test
  void answersTombstonesAndBadRecordsAmongReviews() throws Exception {
    int count = 600;
    ValenceConfig config = broker.config("mixed", models, Map.of("valence.input.format", "json"));
    ReviewFormat json = ReviewFormat.named("json");
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      byte[] value =
          switch (number % 7) {
            case 3 -> null;
            case 5 -> utf8("broken " + number);
            default -> json.write(review(number));
          };
      records.add(record(config, number, value));
    }

    try (SentimentStream stream = TestBroker.start(config)) {
      broker.produce(records);
      broker.read(config.sentimentsTopic(), count - broken(count));
      broker.read(config.deadLettersTopic(), broken(count));
      assertThat(stream.state().isRunningOrRebalancing()).isTrue();
    }

    List<ConsumerRecord<byte[], byte[]>> results = broker.readAll(config.sentimentsTopic());
    assertThat(results).extracting(SentimentStreamTest::number).hasSize(count - broken(count));
    assertInOrderPerPartition(results);
    assertThat(results)
        .filteredOn(result -> result.value() == null)
        .allSatisfy(result -> assertThat(number(result) % 7).isEqualTo(3));
    assertThat(results)
        .filteredOn(result -> result.value() != null)
        .allSatisfy(SentimentStreamTest::assertAnswersItsReview);

    List<ConsumerRecord<byte[], byte[]>> letters = broker.readAll(config.deadLettersTopic());
    assertThat(letters).extracting(SentimentStreamTest::number).hasSize(broken(count));
    assertInOrderPerPartition(letters);
    assertThat(letters)
        .allSatisfy(
            letter -> {
              int number = number(letter);
              assertThat(letter.value()).isEqualTo(utf8("broken " + number));
              assertThat(TestBroker.header(letter, "__streams.errors.topic"))
                  .isEqualTo(config.reviewsTopic());
              assertThat(TestBroker.header(letter, "__streams.errors.partition"))
                  .isEqualTo(Integer.toString(number % PARTITIONS));
              assertThat(TestBroker.header(letter, "__streams.errors.offset"))
                  .isEqualTo(Integer.toString(number / PARTITIONS));
              assertThat(TestBroker.header(letter, "__streams.errors.message"))
                  .startsWith("not JSON: Unrecognized token 'broken'");
            });
  }

  @Test
  void takesRecordsOfTenMegabytesReadableOrNot() throws Exception {
    ValenceConfig config = broker.config("large", models, Map.of("valence.input.format", "text"));
    byte[] readable = utf8("bad ".repeat(10 << 18));
    byte[] unreadable = new byte[10 << 20];
    new java.util.Random(1).nextBytes(unreadable);

    try (SentimentStream stream = TestBroker.start(config)) {
      broker.produce(List.of(record(config, 0, readable), record(config, 1, unreadable)));

      ReviewSentiment sentiment =
          new SentimentReader().read(broker.read(config.sentimentsTopic(), 1).get(0).value());
      assertThat(sentiment.getTruncated()).isTrue();
      assertThat(sentiment.getLabel()).isEqualTo("negative");
      assertThat(broker.read(config.deadLettersTopic(), 1).get(0).value()).isEqualTo(unreadable);
      assertThat(stream.state().isRunningOrRebalancing()).isTrue();
    }
  }

  @Test
  void scoresALoneReviewWhenItIsDueWithoutACommit() throws Exception {
    ValenceConfig config =
        broker.config("due", models, withoutCommits("valence.batch.max.delay.ms", "1"));

    try (SentimentStream stream = TestBroker.start(config)) {
      broker.produce(List.of(record(config, 0, utf8("Good."))));

      assertThat(broker.read(config.sentimentsTopic(), 1)).hasSize(1);
      assertThat(stream.state().isRunningOrRebalancing()).isTrue();
    }
  }

  @Test
  void showsALoneScoreBeforeTheCommitIsDue() throws Exception {
    ValenceConfig config =
        broker.config(
            "early",
            models,
            Map.of(
                "valence.input.format", "text",
                "kafka.processing.guarantee", "exactly_once_v2",
                "kafka.producer.transaction.timeout.ms", "60000",
                "kafka.commit.interval.ms", "20000"));

    try (SentimentStream stream = TestBroker.start(config)) {
      broker.produce(List.of(record(config, 0, utf8("Good."))));

      assertThat(broker.read(config.sentimentsTopic(), 1)).hasSize(1);
      TestBroker.awaitMetric(stream, ONE_COMMIT);
    }
  }

  @Test
  void scoresTogetherWhatThePartitionsOfAThreadCollected() throws Exception {
    ValenceConfig config =
        broker.config(
            "together",
            models,
            Map.of(
                "valence.input.format", "text",
                "valence.batch.max.delay.ms", "20000",
                "kafka.num.stream.threads", "1",
                "kafka.producer.transaction.timeout.ms", "120000",
                "kafka.commit.interval.ms", "50000"));
    broker.createTopic(config.reviewsTopic(), PARTITIONS);
    broker.produce(
        IntStream.range(0, 5 * PARTITIONS)
            .mapToObj(number -> record(config, number, utf8("Good.")))
            .toList());

    try (SentimentStream stream = TestBroker.start(config)) {
      List<ConsumerRecord<byte[], byte[]>> results =
          broker.read(config.sentimentsTopic(), 5 * PARTITIONS);

      assertThat(results).hasSize(5 * PARTITIONS);
      assertInOrderPerPartition(results);
      assertThat(TestBroker.get(stream, "/metrics").body())
          .contains("valence_batch_reviews_count 1.0\n")
          .contains("valence_batch_reviews_sum " + 5.0 * PARTITIONS + "\n");
      TestBroker.awaitMetric(stream, ONE_COMMIT);
    }
  }

  @Test
  void scoresFullBatchesWithoutACommit() throws Exception {
    Map<String, String> settings =
        TestBroker.with(
            withoutCommits("valence.batch.max.reviews", "10"), "kafka.num.stream.threads", "2");
    ValenceConfig config = broker.config("full", models, settings);
    // What fills no batch of its thread waits on.
    int scored = 50 * PARTITIONS - 2 * 9;

    try (SentimentStream stream = TestBroker.start(config)) {
      broker.produce(
          IntStream.range(0, 50 * PARTITIONS)
              .mapToObj(number -> record(config, number, utf8("Good.")))
              .toList());

      assertThat(broker.read(config.sentimentsTopic(), scored)).hasSizeGreaterThanOrEqualTo(scored);
      assertThat(stream.state().isRunningOrRebalancing()).isTrue();
    }
  }

  @Test
  void fillsABatchFromAllPartitionsOfAThread() throws Exception {
    Map<String, String> settings =
        TestBroker.with(
            withoutCommits("valence.batch.max.reviews", "16"), "kafka.num.stream.threads", "1");
    ValenceConfig config = broker.config("fills", models, settings);
    broker.createTopic(config.reviewsTopic(), PARTITIONS);

    try (SentimentStream stream = TestBroker.start(config)) {
      broker.produce(
          IntStream.range(0, 16)
              .mapToObj(number -> record(config, number, utf8("Good.")))
              .toList());

      assertThat(broker.read(config.sentimentsTopic(), 14)).hasSizeGreaterThanOrEqualTo(14);
      assertThat(stream.state().isRunningOrRebalancing()).isTrue();
    }
  }

  @Test
  void takesTheLatestModelUnlessAVersionIsPinned(@TempDir Path versions) throws Exception {
    TinyModel.write(versions.resolve("1"));
    TinyModel.write(versions.resolve("10"), TinyModel.draft(10, 0));

    try (SentimentStream latest = SentimentStream.start(broker.config("pin", versions, Map.of()))) {
      assertThat(latest.model().version()).isEqualTo(10);
    }
    try (SentimentStream pinned =
        SentimentStream.start(
            broker.config("pin", versions, Map.of("valence.model.version", "1")))) {
      assertThat(pinned.model().version()).isEqualTo(1);
    }
  }

  @Test
  void createsTheTopicsThatAreMissing() throws Exception {
    ValenceConfig config =
        broker.config("creates", models, Map.of("valence.topics.partitions", "3"));
    broker.createTopic(config.deadLettersTopic(), 1);

    TestBroker.start(config).close();

    try (Admin admin = broker.admin()) {
      assertThat(
              admin
                  .describeTopics(
                      List.of(
                          config.reviewsTopic(),
                          config.sentimentsTopic(),
                          config.deadLettersTopic()))
                  .allTopicNames()
                  .get())
          .allSatisfy(
              (topic, description) ->
                  assertThat(description.partitions())
                      .hasSize(topic.equals(config.deadLettersTopic()) ? 1 : 3));
    }
  }

  /** The broker takes no record of tomorrow, but for a topic that says otherwise. */
  @Test
  void answersReviewsOfAnyTimeAndKeepsAnswersAsLongAsReviews() throws Exception {
    ValenceConfig config = broker.config("times", models, Map.of("valence.input.format", "text"));
    broker.createTopic(
        config.reviewsTopic(),
        1,
        Map.of(
            "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE), "retention.ms", "-1"));
    long inAWeek = System.currentTimeMillis() + 7 * 86_400_000L;
    List<ProducerRecord<byte[], byte[]>> reviews = new ArrayList<>();
    for (long time : List.of(0L, inAWeek)) {
      for (byte[] value : List.of(utf8("Good."), new byte[] {(byte) 0xff})) {
        reviews.add(new ProducerRecord<>(config.reviewsTopic(), 0, time, utf8("k"), value));
      }
    }

    try (SentimentStream stream = TestBroker.start(config)) {
      broker.produce(reviews);

      assertThat(broker.read(config.sentimentsTopic(), 2))
          .extracting(ConsumerRecord::timestamp)
          .containsExactly(0L, inAWeek);
      assertThat(broker.read(config.deadLettersTopic(), 2)).hasSize(2);
      assertThat(stream.isReady()).isTrue();
    }
    ConfigResource scores = new ConfigResource(ConfigResource.Type.TOPIC, config.sentimentsTopic());
    try (Admin admin = broker.admin()) {
      assertThat(admin.describeConfigs(List.of(scores)).all().get().get(scores).get("retention.ms"))
          .extracting(ConfigEntry::value)
          .isEqualTo("-1");
    }
  }

  @Test
  void showsItsStateAndFiguresOverHttp() throws Exception {
    ValenceConfig config =
        broker.config(
            "http",
            models,
            Map.of(
                "valence.input.format", "text",
                "valence.output.format", "json",
                "kafka.num.stream.threads", "1"));

    try (SentimentStream stream = TestBroker.start(config)) {
      broker.produce(List.of(record(config, 0, utf8("A good film."))));
      broker.read(config.sentimentsTopic(), 1);

      assertThat(TestBroker.get(stream, "/healthz").body()).isEqualTo("ok\n");
      assertThat(TestBroker.get(stream, "/readyz").body()).isEqualTo("ok\n");
      assertThat(TestBroker.get(stream, "/metrics").body())
          .contains("valence_reviews_total{label=\"positive\",} 1.0\n")
          .contains("valence_model_info{name=\"tiny\",version=\"1\",} 1.0\n")
          .contains("jvm_memory_bytes_used")
          .containsPattern(
              "kafka_stream_thread_process_total\\{thread_id=\"valence-test-http-StreamThread-1\",} ")
          .containsPattern("kafka_consumer_fetch_manager_records_consumed_total\\{[^}]*} 1.0\n");
    }
  }

  @Test
  void leavesItsGroupWhenItCloses() throws Exception {
    ValenceConfig config = broker.config("leaves", models, Map.of("valence.input.format", "text"));

    try (SentimentStream stream = TestBroker.start(config)) {
      broker.produce(List.of(record(config, 0, utf8("Good."))));
      broker.read(config.sentimentsTopic(), 1);
      assertThat(stream.state().isRunningOrRebalancing()).isTrue();
    }

    String group = config.kafka().applicationId();
    try (Admin admin = broker.admin()) {
      assertThat(admin.describeConsumerGroups(List.of(group)).all().get().get(group).members())
          .isEmpty();
    }
  }

  /**
   * Only what is sent shows: no commit comes, nothing is due, no batch is full, but for one key.
   */
  private static Map<String, String> withoutCommits(String key, String value) {
    return TestBroker.with(
        Map.of(
            "valence.input.format", "text",
            "valence.batch.max.delay.ms", "60000",
            "valence.batch.max.reviews", "100000",
            "kafka.processing.guarantee", "at_least_once",
            "kafka.commit.interval.ms", "600000"),
        key,
        value);
  }

  private static ProducerRecord<byte[], byte[]> record(
      ValenceConfig config, int number, byte[] value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            config.reviewsTopic(),
            number % PARTITIONS,
            FIRST_TIMESTAMP + number,
            utf8(Integer.toString(number)),
            value);
    record.headers().add("number", utf8("n" + number));
    return record;
  }

  /** Lengths differ, so that the model's batches are in another order than the reviews. */
  private static Review review(int number) {
    String word = number % 3 == 0 ? "awful" : "great";
    return new Review(
        Integer.toString(number), ("the " + word + " film ").repeat(1 + number % 50), null, null);
  }

  private static void assertAnswersItsReview(ConsumerRecord<byte[], byte[]> result)
      throws UnreadableRecordException {
    int number = number(result);
    ReviewSentiment sentiment = new SentimentReader().read(result.value());
    assertThat(sentiment.getReviewId()).isEqualTo(Integer.toString(number));
    assertThat(sentiment.getLabel()).isEqualTo(number % 3 == 0 ? "negative" : "positive");
    assertThat(sentiment.getTokens()).isEqualTo(3 * (1 + number % 50));
    assertThat(result.timestamp()).isEqualTo(FIRST_TIMESTAMP + number);
    assertThat(TestBroker.header(result, "number")).isEqualTo("n" + number);
  }

  private static void assertInOrderPerPartition(List<ConsumerRecord<byte[], byte[]>> records) {
    records.stream()
        .collect(Collectors.groupingBy(ConsumerRecord::partition))
        .forEach(
            (partition, ofPartition) ->
                assertThat(ofPartition)
                    .extracting(SentimentStreamTest::number)
                    .isSorted()
                    .allSatisfy(number -> assertThat(number % PARTITIONS).isEqualTo(partition)));
  }

  private static int broken(int count) {
    return (int) IntStream.range(0, count).filter(number -> number % 7 == 5).count();
  }

  private static int number(ConsumerRecord<byte[], byte[]> record) {
    return Integer.parseInt(TestBroker.key(record));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
