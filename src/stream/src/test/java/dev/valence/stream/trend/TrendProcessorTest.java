package dev.valence.stream.trend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.schema.SentimentTrend;
import dev.valence.stream.format.RecordFormat;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrendProcessorTest {

  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final CollectorRegistry registry = new CollectorRegistry();
  private final TrendScores scores = new TrendScores();
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> in;
  private TestOutputTopic<String, byte[]> out;

  @BeforeEach
  void start() {
    RecordFormat<SentimentTrend> json = RecordFormat.trends("json", Optional.empty(), "trends");
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "trends-test");
    driver =
        new TopologyTestDriver(
            TrendTopology.build(
                "scores",
                "trends",
                json,
                new TrendWindows(MINUTE, MINUTE.multipliedBy(2)),
                new TrendMetrics(registry)),
            settings,
            NOON.plus(Duration.ofMinutes(10)));
    in = driver.createInputTopic("scores", new ByteArraySerializer(), new ByteArraySerializer());
    out = driver.createOutputTopic("trends", new StringDeserializer(), new ByteArrayDeserializer());
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void addsReviewsUpBySubjectAndWindow() throws Exception {
    pipe("kettle", "positive", 0.9f, NOON);
    pipe("kettle", "negative", 0.3f, NOON.plusSeconds(59));
    pipe("film", "positive", 0.8f, NOON.plusSeconds(59));
    pipe("kettle", "positive", 0.7f, NOON.plusSeconds(60));

    List<TestRecord<String, byte[]>> trends = out.readRecordsToList();
    assertThat(trends)
        .extracting(TestRecord::key)
        .containsExactly(
            "2026-05-01T12:00:00Z kettle",
            "2026-05-01T12:00:00Z kettle",
            "2026-05-01T12:00:00Z film",
            "2026-05-01T12:01:00Z kettle");
    SentimentTrend second = read(trends.get(1));
    assertThat(second.getSubject()).isEqualTo("kettle");
    assertThat(second.getWindowStart()).isEqualTo(NOON);
    assertThat(second.getWindowEnd()).isEqualTo(NOON.plusSeconds(60));
    assertThat(second.getReviews()).isEqualTo(2);
    assertThat(second.getLabels()).isEqualTo(Map.of("positive", 1L, "negative", 1L));
    assertThat(second.getMeanProbabilities().get("positive")).isCloseTo(0.6, within(1e-6));
    assertThat(second.getMeanProbabilities().get("negative")).isCloseTo(0.4, within(1e-6));
    assertThat(read(trends.get(3)).getReviews()).isEqualTo(1);
    assertThat(registry.getSampleValue("valence_trend_reviews_total")).isEqualTo(4);
  }

  @Test
  void countsReviewsWithoutWordsButLeavesThemOutOfTheMean() throws Exception {
    pipe("kettle", "uncertain", null, NOON);
    pipe("kettle", "positive", 0.9f, NOON);
    pipe("kettle", "uncertain", null, NOON);

    List<TestRecord<String, byte[]>> trends = out.readRecordsToList();
    assertThat(read(trends.get(0)).getMeanProbabilities()).isEmpty();
    SentimentTrend last = read(trends.get(2));
    assertThat(last.getReviews()).isEqualTo(3);
    assertThat(last.getWorded()).isEqualTo(1);
    assertThat(last.getLabels()).isEqualTo(Map.of("positive", 1L, "uncertain", 2L));
    assertThat(last.getMeanProbabilities().get("positive")).isCloseTo(0.9, within(1e-6));
  }

  /** Its topics take no large records, and what counts must not hold up what scores. */
  @Test
  void countsALongSubjectByHowItBegins() throws Exception {
    String begins = "k".repeat(999);
    pipe(begins + "\ud83d\ude00" + "a".repeat(1_000_000), "positive", 0.9f, NOON);
    pipe(begins + "\ud83d\ude00" + "b".repeat(1_000_000), "positive", 0.9f, NOON);

    List<TestRecord<String, byte[]>> trends = out.readRecordsToList();
    assertThat(trends.get(1).key()).isEqualTo("2026-05-01T12:00:00Z " + begins);
    assertThat(read(trends.get(1)).getReviews()).isEqualTo(2);
    assertThat(trends.get(1).value()).hasSizeLessThan(2_000);
  }

  @Test
  void countsReviewsWithoutASubjectTogether() throws Exception {
    pipe(null, "positive", 0.9f, NOON);
    pipe("", "negative", 0.1f, NOON);

    TestRecord<String, byte[]> last = out.readRecordsToList().get(1);
    assertThat(last.key()).isEqualTo("2026-05-01T12:00:00Z");
    assertThat(read(last).getSubject()).isNull();
    assertThat(read(last).getReviews()).isEqualTo(2);
  }

  @Test
  void countsWhatIsLateWhileItsWindowIsOpenAndSaysWhatCameAfter() throws Exception {
    pipe("kettle", "positive", 0.9f, NOON);
    pipe("film", "positive", 0.9f, NOON.plus(MINUTE.multipliedBy(2)));
    pipe("kettle", "positive", 0.9f, NOON);
    pipe("film", "positive", 0.9f, NOON.plus(MINUTE.multipliedBy(3)));
    pipe("kettle", "positive", 0.9f, NOON);

    List<TestRecord<String, byte[]>> trends = out.readRecordsToList();
    assertThat(trends).hasSize(4);
    assertThat(read(trends.get(2)).getReviews()).isEqualTo(2);
    assertThat(registry.getSampleValue("valence_trend_late_reviews_total")).isEqualTo(1);
    assertThat(registry.getSampleValue("valence_trend_reviews_total")).isEqualTo(4);
  }

  @Test
  void letsNoClockThatIsAheadCloseTheWindowsOfOthers() throws Exception {
    pipe("kettle", "positive", 0.9f, Instant.parse("2036-01-01T00:00:00Z"));
    pipe("kettle", "positive", 0.9f, NOON.plus(Duration.ofMinutes(9)));

    List<TestRecord<String, byte[]>> trends = out.readRecordsToList();
    assertThat(read(trends.get(0)).getWindowStart()).isEqualTo(NOON.plus(Duration.ofMinutes(10)));
    assertThat(trends).hasSize(2);
    assertThat(registry.getSampleValue("valence_trend_late_reviews_total")).isZero();
  }

  @Test
  void passesOverWhatIsNoTrend() throws Exception {
    in.pipeInput("kettle".getBytes(), "nonsense".getBytes(), NOON);
    pipe("kettle", "positive", 0.9f, NOON);

    assertThat(read(out.readRecord()).getReviews()).isEqualTo(1);
    assertThat(out.isEmpty()).isTrue();
  }

  /**
   * @param positive null for a review without words
   */
  private void pipe(String subject, String label, Float positive, Instant at) {
    Review review = new Review("r", "text", subject, null);
    float share = positive == null ? 0.5f : positive;
    ReviewSentiment sentiment =
        ReviewSentiment.newBuilder()
            .setReviewId("r")
            .setLabel(label)
            .setProbabilities(Map.of("positive", share, "negative", 1 - share))
            .setModelName("tiny")
            .setModelVersion(1)
            .setTokens(positive == null ? 0 : 3)
            .setUnknownTokens(0)
            .setTruncated(false)
            .setScoredAt(at)
            .build();
    in.pipeInput(scores.key(review), scores.value(review, sentiment, at.toEpochMilli()), at);
  }

  private static SentimentTrend read(TestRecord<String, byte[]> trend) throws Exception {
    return RecordFormat.trends("json", Optional.empty(), "trends").read(trend.value());
  }
}
