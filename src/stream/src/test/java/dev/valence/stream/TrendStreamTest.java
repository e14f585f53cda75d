package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.valence.model.TinyModel;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.schema.SentimentTrend;
import dev.valence.stream.format.RecordFormat;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SentimentReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Counting by subject beside scoring, on a real broker. */
@ExtendWith(TestBroker.Extension.class)
class TrendStreamTest {

  private static final long WINDOW_MS = 60_000;
  private static final long GRACE_MS = 600_000;
  private static final int REVIEWS = 1_200;
  private static final String[] SUBJECTS = {"kettle", "film", "☕ café", null, "teacher"};
  private static final String[] TEXTS = {"A great one.", "Awful!", "", "So so", "great, awful"};

  /** One window is open at the end, the others are over, but counted still. */
  private static final long FIRST = System.currentTimeMillis() - REVIEWS * 200L;

  private final TestBroker broker;

  TrendStreamTest(TestBroker broker) {
    this.broker = broker;
  }

  @Test
  void countsEachScoreOnceWhoeverRestarts(@TempDir Path models) throws Exception {
    TinyModel.write(models.resolve("1"));
    ValenceConfig config =
        broker.config(
            "trends",
            models,
            Map.of(
                "valence.trends.enabled", "true",
                "valence.topic.trends", "trends-out",
                "valence.trends.window.ms", Long.toString(WINDOW_MS),
                "valence.trends.grace.ms", Long.toString(GRACE_MS),
                "valence.output.format", "json"));
    SentimentStream first = TestBroker.start(config);
    try (KafkaConsumer<byte[], byte[]> trends = broker.committedReader("trends-out")) {
      Map<String, SentimentTrend> seen = new HashMap<>();
      try (SentimentStream second = TestBroker.start(config)) {
        produce(config, 0, REVIEWS / 2);
        awaitCounted(trends, seen, REVIEWS / 4);

        first.close();
        produce(config, REVIEWS / 2, REVIEWS);
        first = TestBroker.start(config);
        awaitCounted(trends, seen, REVIEWS);

        assertCountsAreThoseOf(config, seen);
        assertThePageShowsAll(second);
      }

      // An hour late, after whatever task counts it was restored.
      List<ProducerRecord<byte[], byte[]>> late = new ArrayList<>();
      for (int i = 0; i < SUBJECTS.length; i++) {
        late.add(record(config, i, FIRST - 3_600_000));
      }
      broker.produce(late);
      TestBroker.awaitMetric(
          first,
          Pattern.compile(
              Pattern.quote("valence_trend_late_reviews_total " + (double) late.size())));
      Map<String, SentimentTrend> after = new HashMap<>(seen);
      TestBroker.readToEnd(trends).forEach(trend -> take(trend, after));
      assertThat(after).isEqualTo(seen);
    } finally {
      first.close();
    }
  }

  @Test
  void makesTopicsThatForgetAndTakesNothingFromScoring(@TempDir Path models) throws Exception {
    TinyModel.write(models.resolve("1"));
    ValenceConfig config =
        broker.config(
            "trend-topics",
            models,
            Map.of(
                "valence.trends.enabled", "true",
                "valence.topic.trends", "trend-topics-out",
                "valence.trends.retention.ms", "7200000",
                "valence.input.format", "text"));

    try (SentimentStream stream = TestBroker.start(config);
        Admin admin = broker.admin()) {
      ConfigResource trends = new ConfigResource(ConfigResource.Type.TOPIC, "trend-topics-out");
      ConfigResource scores =
          new ConfigResource(ConfigResource.Type.TOPIC, "trend-topics-out-scores");
      var topics = admin.describeConfigs(List.of(trends, scores)).all().get();
      assertThat(topics.get(trends).get("cleanup.policy").value()).isEqualTo("compact,delete");
      assertThat(topics.get(trends).get("retention.ms").value()).isEqualTo("7200000");
      assertThat(topics.get(scores).get("retention.ms").value()).isEqualTo("7200000");
      TestBroker.awaitMetric(stream, Pattern.compile("valence_trends_running 1\\.0"));
      String metrics = TestBroker.get(stream, "/metrics").body();
      assertThat(metrics.lines().filter(line -> line.startsWith("# TYPE"))).doesNotHaveDuplicates();
    }
  }

  private void produce(ValenceConfig config, int from, int to) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(record(config, i, FIRST + i * 200L));
    }
    broker.produce(records);
  }

  private static ProducerRecord<byte[], byte[]> record(
      ValenceConfig config, int number, long timestamp) {
    Review review =
        new Review(
            Integer.toString(number),
            TEXTS[number % 7 % TEXTS.length],
            SUBJECTS[number % SUBJECTS.length],
            null);
    return new ProducerRecord<>(
        config.reviewsTopic(),
        null,
        timestamp,
        review.getId().getBytes(UTF_8),
        ReviewFormat.named("avro").write(review));
  }

  private static void awaitCounted(
      KafkaConsumer<byte[], byte[]> trends, Map<String, SentimentTrend> seen, long count) {
    long deadline = System.nanoTime() + TestBroker.PATIENCE.toNanos();
    while (counted(seen) < count) {
      assertThat(System.nanoTime()).as("time to count %d: %s", count, seen).isLessThan(deadline);
      trends.poll(Duration.ofMillis(100)).forEach(trend -> take(trend, seen));
    }
  }

  private static void take(ConsumerRecord<byte[], byte[]> trend, Map<String, SentimentTrend> seen) {
    try {
      seen.put(
          TestBroker.key(trend),
          RecordFormat.trends("json", Optional.empty(), "").read(trend.value()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static long counted(Map<String, SentimentTrend> seen) {
    return seen.values().stream().mapToLong(SentimentTrend::getReviews).sum();
  }

  private void assertCountsAreThoseOf(ValenceConfig config, Map<String, SentimentTrend> seen)
      throws Exception {
    Map<String, Map<String, Long>> labels = new TreeMap<>();
    Map<String, Double> positive = new TreeMap<>();
    List<ConsumerRecord<byte[], byte[]>> scores = broker.readAll(config.sentimentsTopic());
    assertThat(scores).hasSize(REVIEWS);
    for (ConsumerRecord<byte[], byte[]> score : scores) {
      ReviewSentiment sentiment = new SentimentReader().read(score.value());
      String subject = SUBJECTS[Integer.parseInt(sentiment.getReviewId()) % SUBJECTS.length];
      String start = Instant.ofEpochMilli(score.timestamp() / WINDOW_MS * WINDOW_MS).toString();
      String key = start + (subject == null ? "" : " " + subject);
      labels
          .computeIfAbsent(key, none -> new TreeMap<>())
          .merge(sentiment.getLabel(), 1L, Long::sum);
      if (sentiment.getTokens() > 0) {
        positive.merge(
            key, sentiment.getProbabilities().get("positive").doubleValue(), Double::sum);
      }
    }
    assertThat(labels).hasSizeGreaterThanOrEqualTo(4 * SUBJECTS.length);
    assertThat(seen.keySet()).isEqualTo(labels.keySet());
    seen.forEach(
        (key, trend) -> {
          assertThat(new TreeMap<>(trend.getLabels())).as(key).isEqualTo(labels.get(key));
          // The first and the last window may hold one review of a subject, and that an empty one.
          if (!positive.containsKey(key)) {
            assertThat(trend.getMeanProbabilities()).as(key).isEmpty();
            return;
          }
          assertThat(trend.getMeanProbabilities().get("positive"))
              .as(key)
              .isCloseTo(positive.get(key) / trend.getWorded(), within(1e-9));
        });
  }

  /** Whichever of the two processors counted it. */
  private static void assertThePageShowsAll(SentimentStream stream) throws Exception {
    long deadline = System.nanoTime() + TestBroker.PATIENCE.toNanos();
    long shown = 0;
    while (shown != REVIEWS) {
      assertThat(System.nanoTime()).as("time to show all: %d", shown).isLessThan(deadline);
      shown = 0;
      for (JsonNode row : trends(stream, "").path("subjects")) {
        shown += row.path("reviews").asLong();
      }
    }
    JsonNode found = trends(stream, "?subject=CAF%C3%89").path("subjects");
    assertThat(found).hasSize(1);
    assertThat(found.get(0).path("subject").asText()).isEqualTo("☕ café");
    assertThat(found.get(0).path("reviews").asInt()).isEqualTo(REVIEWS / SUBJECTS.length);
  }

  private static JsonNode trends(SentimentStream stream, String query) throws Exception {
    return new JsonMapper().readTree(TestBroker.get(stream, "/page/trends" + query).body());
  }
}
