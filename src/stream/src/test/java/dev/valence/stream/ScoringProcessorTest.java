package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.model.BatchPlanner;
import dev.valence.model.Leased;
import dev.valence.model.ModelRepository;
import dev.valence.model.ReviewScorer;
import dev.valence.model.SentimentModel;
import dev.valence.model.TinyModel;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.schema.WordWeight;
import dev.valence.stream.control.Assignment;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SentimentFormat;
import dev.valence.text.EncodedReview;
import io.prometheus.client.CollectorRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One record at a time; what takes a real broker is in {@link SentimentStreamTest}. */
class ScoringProcessorTest {

  private static final Instant NOW = Instant.parse("2026-06-01T08:00:00Z");
  private static final Instant WRITTEN = Instant.parse("2026-06-01T07:59:58Z");

  private static Path models;
  private static SentimentModel model;

  private final CollectorRegistry registry = new CollectorRegistry();
  private int explainedWords;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> reviews;
  private TestOutputTopic<byte[], byte[]> sentiments;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  @BeforeAll
  static void loadModel(@TempDir Path directory) {
    TinyModel.write(directory.resolve("1"));
    models = directory;
    model = SentimentModel.load(directory.resolve("1"));
  }

  @AfterAll
  static void closeModel() {
    model.close();
  }

  @AfterEach
  void close() {
    if (driver != null) {
      driver.close();
    }
  }

  @Test
  void scoresAnAvroReview() throws Exception {
    start("avro", "avro");
    Review review = new Review("r-1", "A great kettle, frobnicated.", "kettle", WRITTEN);

    pipe("k", ReviewFormat.named("avro").write(review));

    ReviewSentiment sentiment = SentimentFormat.named("avro").read(sentiments.readValue());
    assertThat(sentiment.getReviewId()).isEqualTo("r-1");
    assertThat(sentiment.getLabel()).isEqualTo("positive");
    assertThat(sentiment.getProbabilities()).containsOnlyKeys(TinyModel.LABELS);
    assertThat(sentiment.getProbabilities().get("positive")).isBetween(0.6f, 0.8f);
    assertThat(sentiment.getModelName()).isEqualTo("tiny");
    assertThat(sentiment.getModelVersion()).isEqualTo(1);
    assertThat(sentiment.getTokens()).isEqualTo(6);
    assertThat(sentiment.getUnknownTokens()).isEqualTo(1);
    assertThat(sentiment.getTruncated()).isFalse();
    assertThat(sentiment.getScoredAt()).isEqualTo(NOW);
  }

  @Test
  void explainsAScoreOnlyIfThatIsWanted() throws Exception {
    start("text", "avro");

    pipe("k", utf8("A great film."));

    assertThat(SentimentFormat.named("avro").read(sentiments.readValue()).getExplanation())
        .isNull();
    assertThat(metric("valence_explanation_seconds_count")).isZero();
  }

  @Test
  void namesTheWordsThatMovedTheScoreMostAndWhereTheyStand() throws Exception {
    explainedWords = 2;
    start("text", "avro");
    String text = "The lid was bad,<br />but it is a GREAT kettle.";

    pipe("k", utf8(text));

    ReviewSentiment sentiment = SentimentFormat.named("avro").read(sentiments.readValue());
    assertThat(sentiment.getLabel()).isEqualTo("positive");
    assertThat(sentiment.getExplanation())
        .extracting(WordWeight::getWord)
        .containsExactly("GREAT", "bad");
    assertThat(sentiment.getExplanation())
        .allSatisfy(
            word ->
                assertThat(text.substring(word.getStart(), word.getEnd()))
                    .isEqualTo(word.getWord()));
    assertThat(sentiment.getExplanation().get(0).getWeight()).isPositive();
    assertThat(sentiment.getExplanation().get(1).getWeight()).isNegative();
    assertThat(metric("valence_explanation_seconds_count")).isEqualTo(1);
  }

  @Test
  void explainsAReviewWithoutWordsByNone() throws Exception {
    explainedWords = 2;
    start("text", "json");

    pipe("k", utf8(" "));

    assertThat(new String(sentiments.readValue(), UTF_8)).endsWith(",\"explanation\":[]}");
  }

  @Test
  void answersWhatItCannotExplain() throws Exception {
    explainedWords = 2;
    ServingModel sound = ServingModels.of(model, new BatchPlanner());
    start(
        "text",
        "avro",
        new ServingModel(
            sound.manifest(),
            sound.pipeline(),
            sound.scorer(),
            sound.pageExplainer(),
            text -> {
              throw new IllegalStateException("choked");
            },
            sound.cells()));

    pipe("k", utf8("A great film."));

    ReviewSentiment sentiment = SentimentFormat.named("avro").read(sentiments.readValue());
    assertThat(sentiment.getLabel()).isEqualTo("positive");
    assertThat(sentiment.getExplanation()).isNull();
    assertThat(metric("valence_explanation_failures_total")).isEqualTo(1);
  }

  @Test
  void passesKeyTimestampAndHeadersThrough() {
    start("text", "json");
    Headers headers = new RecordHeaders().add("trace", new byte[] {1, 2}).add("empty", null);
    byte[] key = {0, -1, 7};

    reviews.pipeInput(new TestRecord<>(key, utf8("Good."), headers, WRITTEN));

    TestRecord<byte[], byte[]> result = sentiments.readRecord();
    assertThat(result.key()).isEqualTo(key);
    assertThat(result.getRecordTime()).isEqualTo(WRITTEN);
    assertThat(result.headers()).isEqualTo(headers);
  }

  @Test
  void takesTheKeyOrThePositionForAMissingId() throws Exception {
    start("text", "json");

    pipe("film-7", utf8("Good."));
    pipe(null, utf8("Good."));
    reviews.pipeInput(new byte[] {-1}, utf8("Good."));

    assertThat(sentiments.readValuesToList())
        .extracting(value -> SentimentFormat.named("json").read(value).getReviewId())
        .containsExactly("film-7", "reviews-0-1", "reviews-0-2");
  }

  @Test
  void passesATombstoneOnInOrder() {
    start("text", "json");

    pipe("a", utf8("Good."));
    pipe("a", null);
    pipe("a", utf8("Bad."));

    assertThat(sentiments.readRecordsToList())
        .extracting(result -> result.value() == null ? "tombstone" : "score")
        .containsExactly("score", "tombstone", "score");
    assertThat(metric("valence_tombstones_total")).isEqualTo(1);
  }

  @Test
  void isUncertainAboutAReviewWithoutWords() throws Exception {
    start("json", "json");

    pipe("a", utf8("{\"text\":\"\"}"));
    pipe("b", utf8("{\"text\":\" <br /> \\n\"}"));

    assertThat(sentiments.readValuesToList())
        .extracting(value -> SentimentFormat.named("json").read(value))
        .hasSize(2)
        .allSatisfy(
            sentiment -> {
              assertThat(sentiment.getLabel()).isEqualTo("uncertain");
              assertThat(sentiment.getTokens()).isZero();
              assertThat(sentiment.getProbabilities().values()).containsOnly(0.5f);
            });
  }

  @Test
  void truncatesAnOverlongReviewAndMarksIt() throws Exception {
    start("text", "avro");
    String tenMegabytes = "good ".repeat(2 << 20);

    pipe("long", utf8(tenMegabytes));

    ReviewSentiment sentiment = SentimentFormat.named("avro").read(sentiments.readValue());
    assertThat(sentiment.getTruncated()).isTrue();
    assertThat(sentiment.getTokens()).isEqualTo(model.textPipeline().truncation().maxTokens());
    assertThat(sentiment.getLabel()).isEqualTo("positive");
    assertThat(metric("valence_truncated_reviews_total")).isEqualTo(1);
  }

  @Test
  void putsWhatItCannotReadAsideWithItsBytesAndTheReason() {
    start("json", "json");
    Headers headers = new RecordHeaders().add("trace", utf8("t-1"));
    byte[] key = {9};
    byte[] value = utf8("{\"body\":\"Good.\"}");

    pipe("fine", utf8("{\"text\":\"Good.\"}"));
    reviews.pipeInput(new TestRecord<>(key, value, headers, WRITTEN));

    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    assertThat(letter.key()).isEqualTo(key);
    assertThat(letter.value()).isEqualTo(value);
    assertThat(letter.getRecordTime()).isEqualTo(WRITTEN);
    assertThat(texts(letter.headers()))
        .containsExactly(
            "trace=t-1",
            "__streams.errors.exception=dev.valence.stream.format.UnreadableRecordException",
            "__streams.errors.message=the JSON object has no field \"text\" with a string",
            "__streams.errors.topic=reviews",
            "__streams.errors.partition=0",
            "__streams.errors.offset=1");
    assertThat(sentiments.readValuesToList()).hasSize(1);
    assertThat(metric("valence_dead_letters_total", "reason", "unreadable")).isEqualTo(1);
  }

  @Test
  void replacesTheReasonOfADeadLetterThatDiesAgain() {
    start("json", "json");
    pipe("k", utf8("once"));
    TestRecord<byte[], byte[]> first = deadLetters.readRecord();

    reviews.pipeInput(first);

    assertThat(texts(deadLetters.readRecord().headers()))
        .hasSameSizeAs(texts(first.headers()))
        .contains("__streams.errors.offset=1")
        .doesNotContain("__streams.errors.offset=0");
  }

  @Test
  void putsAReviewThatBreaksTheModelAside() {
    ServingModel sound = ServingModels.of(model, new BatchPlanner());
    EncodedReview poison = model.textPipeline().encode("bad film");
    start("text", "json", failingOn(sound, poison::equals));

    pipe("a", utf8("good film"));
    pipe("b", utf8("bad film"));

    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    assertThat(letter.value()).isEqualTo(utf8("bad film"));
    assertThat(texts(letter.headers()))
        .contains(
            "__streams.errors.exception=dev.valence.stream.UnscorableReviewException",
            "__streams.errors.message=the review breaks the model: java.lang.IllegalStateException: choked",
            "__streams.errors.offset=1");
    assertThat(sentiments.readValuesToList()).hasSize(1);
    assertThat(metric("valence_dead_letters_total", "reason", "unscorable")).isEqualTo(1);
  }

  @Test
  void stopsAndPutsNothingAsideWhenTheModelFailsOnEverything() {
    start("text", "json", failingOn(ServingModels.of(model, new BatchPlanner()), review -> true));

    assertThatThrownBy(() -> pipe("a", utf8("good film")))
        .isInstanceOf(StreamsException.class)
        .hasRootCauseMessage("choked");
    assertThat(sentiments.isEmpty()).isTrue();
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void measuresWhatItDoes() {
    start("text", "json");

    pipe("a", utf8("A great film."));
    pipe("b", utf8("Awful frobnication."));
    pipe("c", utf8(""));

    assertThat(metric("valence_reviews_total", "label", "positive")).isEqualTo(1);
    assertThat(metric("valence_reviews_total", "label", "negative")).isEqualTo(1);
    assertThat(metric("valence_reviews_total", "label", "uncertain")).isEqualTo(1);
    assertThat(metric("valence_tokens_total")).isEqualTo(7);
    assertThat(metric("valence_unknown_tokens_total")).isEqualTo(1);
    assertThat(metric("valence_batch_reviews_count")).isEqualTo(3);
    assertThat(metric("valence_inference_seconds_count")).isEqualTo(3);
    assertThat(metric("valence_queue_delay_seconds_count")).isEqualTo(3);
    assertThat(metric("valence_end_to_end_latency_seconds_count")).isEqualTo(3);
    assertThat(metric("valence_unknown_token_ratio_sum")).isEqualTo(1.0 / 3);
    assertThat(metric("valence_unknown_token_ratio_count")).isEqualTo(2);
    assertThat(metric("valence_label_probability_count", "label", "positive")).isEqualTo(2);
    assertThat(metric("valence_label_probability_sum", "label", "negative")).isBetween(0.9, 1.5);
    assertThat(metric("valence_padding_cells_total")).isZero();
    assertThat(metric("valence_buffer_bytes")).isZero();
    assertThat(
            registry.getSampleValue(
                "valence_model_info", new String[] {"name", "version"}, new String[] {"tiny", "1"}))
        .isEqualTo(1);
  }

  private void start(String input, String output) {
    start(input, output, ServingModels.of(model, new BatchPlanner()));
  }

  private void start(String input, String output, ServingModel serving) {
    StreamMetrics metrics = new StreamMetrics(registry);
    ModelMetrics modelMetrics = new ModelMetrics(registry);
    ModelKeeper keeper =
        new ModelKeeper(
            new ModelRepository(models), path -> new Leased<>(serving, () -> {}), modelMetrics);
    assertThatCode(() -> keeper.start(Assignment.LATEST)).doesNotThrowAnyException();
    BatchScorer scorer =
        new BatchScorer(
            keeper,
            new ShadowScorer(keeper, modelMetrics),
            new Explanations(explainedWords, metrics),
            metrics,
            modelMetrics);
    ValenceConfig config = new ValenceConfig(Map.of());
    WorkBudget budget = new WorkBudget(config.kafka().timeLimit(), new ScoringSpeed(1e6), 2_001, 0);
    BufferRoom room = new BufferRoom(config.batchLimits(), budget, metrics::bufferChanged);
    ThreadWork work =
        new ThreadWork(
            keeper,
            scorer,
            room,
            new TransactionWatch(config.kafka().timeLimit()),
            new EarlyCommits(true),
            metrics,
            Clock.fixed(NOW, ZoneOffset.UTC));
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    driver =
        new TopologyTestDriver(
            SentimentTopology.build(
                config,
                () ->
                    new ScoringProcessor(
                        ReviewFormat.named(input),
                        SentimentFormat.named(output),
                        () -> work,
                        config.batchLimits().maxDelayMillis(),
                        metrics,
                        Clock.fixed(NOW, ZoneOffset.UTC),
                        (review, sentiment) -> {},
                        Optional.empty())),
            settings);
    reviews =
        driver.createInputTopic("reviews", new ByteArraySerializer(), new ByteArraySerializer());
    sentiments = output("review-sentiments");
    deadLetters = output("reviews-dead-letters");
  }

  private TestOutputTopic<byte[], byte[]> output(String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void pipe(String key, byte[] value) {
    reviews.pipeInput(key == null ? null : utf8(key), value);
  }

  private double metric(String name) {
    return registry.getSampleValue(name);
  }

  private double metric(String name, String label, String value) {
    return registry.getSampleValue(name, new String[] {label}, new String[] {value});
  }

  private static ServingModel failingOn(ServingModel sound, Predicate<EncodedReview> chokesOn) {
    IsolatingScorer failing =
        new IsolatingScorer(
            batch -> {
              if (batch.stream().anyMatch(chokesOn)) {
                throw new IllegalStateException("choked");
              }
              return new ReviewScorer(model, new BatchPlanner()).score(batch);
            },
            model.textPipeline().encode("a film"));
    return ServingModels.scoring(sound.manifest(), sound.pipeline(), failing);
  }

  private static List<String> texts(Headers headers) {
    return StreamSupport.stream(headers.spliterator(), false)
        .map(header -> header.key() + "=" + new String(header.value(), UTF_8))
        .toList();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
