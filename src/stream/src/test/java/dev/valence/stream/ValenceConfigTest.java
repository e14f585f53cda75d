package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValenceConfigTest {

  @Test
  void hasADefaultForEveryKey() {
    ValenceConfig config = new ValenceConfig(Map.of());

    assertThat(config.reviewsTopic()).isEqualTo("reviews");
    assertThat(config.sentimentsTopic()).isEqualTo("review-sentiments");
    assertThat(config.deadLettersTopic()).isEqualTo("reviews-dead-letters");
    assertThat(config.modelVersion()).isEmpty();
    assertThat(config.httpHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void tellsKafkaToScoreExactlyOnceAndToCommitEveryThreeSeconds() {
    KafkaSettings kafka = new ValenceConfig(Map.of()).kafka();

    assertThat(kafka.streams().getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))
        .isEqualTo("exactly_once_v2");
    assertThat(kafka.streams().getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)).isEqualTo(10_000);
    assertThat(kafka.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void takesAnAdminTokenThatCannotBeGuessedAndNeverRepeatsIt() {
    String key = "valence.page.admin.token";

    assertThat(new ValenceConfig(Map.of()).adminToken()).isEmpty();
    ValenceConfig config = new ValenceConfig(Map.of(key, "one-token-for-all"));
    assertThat(config.adminToken()).hasValue(new Password("one-token-for-all"));
    assertThat(config.values().toString()).doesNotContain("one-token");
    for (String weak : List.of("short", "with blanks in between", "p\u00e4ssword-and-more")) {
      assertThatThrownBy(() -> new ValenceConfig(Map.of(key, weak)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContainingAll(key, "16 or more visible ASCII characters")
          .hasMessageNotContaining(weak);
    }
    assertThatThrownBy(
            () -> new ValenceConfig(Map.of(key, "one-token-for-all", "valence.topic.control", "")))
        .hasMessageContaining("needs a control topic")
        .hasMessageNotContaining("one-token");
  }

  @Test
  void passesKeysOfKafkaAndOfItsClientsOn() {
    KafkaSettings kafka =
        new ValenceConfig(
                Map.of(
                    "kafka.bootstrap.servers", "one:9092,two:9092",
                    "kafka.num.stream.threads", "3",
                    "kafka.producer.linger.ms", "7",
                    "kafka.sasl.jaas.config", "secret"))
            .kafka();

    assertThat(kafka.bootstrapServers()).containsExactly("one:9092", "two:9092");
    assertThat(kafka.threads()).isEqualTo(3);
    assertThat(kafka.streams().getProducerConfigs("p"))
        .containsEntry(ProducerConfig.LINGER_MS_CONFIG, "7")
        .containsEntry("sasl.jaas.config", "secret");
    assertThat(kafka.admin()).containsEntry("sasl.jaas.config", "secret");
  }

  @ParameterizedTest
  @CsvSource({
    "valence.topic.review, valence.topic.reviews",
    "valence.batch.max.delay, valence.batch.max.delay.ms",
    "valence.htpp.port, valence.http.port",
    "topic.reviews, valence.topic.reviews",
    "bootstrap.servers, kafka.bootstrap.servers",
    "Kafka.bootstrap.servers, kafka.bootstrap.servers"
  })
  void namesAnUnknownKeyAndTheOneProbablyMeant(String unknown, String meant) {
    assertThatThrownBy(() -> new ValenceConfig(Map.of(unknown, "x")))
        .isInstanceOf(ConfigException.class)
        .hasMessage("unknown configuration key: " + unknown + ". Did you mean " + meant + "?");
  }

  @ParameterizedTest
  @CsvSource({
    "valence.batch.max.reviews, 0, Value must be at least 1",
    "valence.batch.max.reviews, many, Not a number of type INT",
    "valence.http.port, 65536, Value must be no more than 65535",
    "valence.input.format, xml, 'String must be one of: avro, json, text, avro-registry'",
    "valence.output.format, text, 'String must be one of: avro, json, avro-registry'",
    "valence.model.version, 0, 'must be a positive integer, or latest'",
    "valence.topics.replication.factor, 0, must be -1 or at least 1",
    "valence.topic.reviews, a b, 'a topic''s name has 1 to 249 letters, digits, dots, _ and -'",
    "valence.topic.sentiments, reviews, 'must differ from valence.topic.reviews, or records would go in circles'",
    "valence.topic.sentiments, review-sentiment-trends-scores, 'must differ from the topic of scores that go into valence.topic.trends, or records would go in circles'",
    "kafka.processing.guarantee, exactly_twice, 'String must be one of: at_least_once, exactly_once_v2'",
    "valence.input.format, avro-registry, 'needs a schema registry: set valence.schema.registry.url'",
    "valence.output.format, avro-registry, 'needs a schema registry: set valence.schema.registry.url'",
    "valence.schema.registry.url, registry:8080, must begin with http:// or https:// and a host",
    "valence.json.field.text, '', must name a field",
    "valence.json.pass.through, true, needs valence.input.format=json and valence.output.format=json",
    "kafka.num.stream.threads, two, Not a number of type INT",
    "kafka.num.stream.threads, 0, Value must be at least 1",
    "kafka.consumer.max.poll.records, 0, Value must be at least 1",
    "kafka.consumer.max.poll.records, all, Not a whole number",
    "kafka.consumer.max.poll.interval.ms, 5min, Not a whole number",
    "kafka.producer.transaction.timeout.ms, 1m, Not a number of type INT",
    "valence.json.field.id, /text/id, lies inside of the string that valence.json.field.text names",
  })
  void namesAWrongValueAndTheReason(String key, String value, String reason) {
    assertThatThrownBy(() -> new ValenceConfig(Map.of(key, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Invalid value " + value + " for configuration " + key + ": " + reason);
  }

  @Test
  void readsAndWritesJsonAtTheFieldsThatItNames() throws Exception {
    ValenceConfig config =
        new ValenceConfig(
            Map.of(
                "valence.input.format", "json",
                "valence.output.format", "json",
                "valence.json.pass.through", "true",
                "valence.json.field.text", "t",
                "valence.json.field.id", "i",
                "valence.json.field.subject", "s",
                "valence.json.field.written.at", "w"));
    byte[] value = "{\"t\":\"Good.\",\"i\":7,\"s\":\"film\",\"w\":0,\"more\":1}".getBytes(UTF_8);

    Review review = config.inputFormat().read(value);
    ReviewSentiment sentiment =
        ReviewSentiment.newBuilder()
            .setReviewId(review.getId())
            .setLabel("positive")
            .setProbabilities(Map.of("positive", 1f))
            .setModelName("m")
            .setModelVersion(1)
            .setTokens(1)
            .setUnknownTokens(0)
            .setTruncated(false)
            .setScoredAt(Instant.EPOCH)
            .build();

    assertThat(review).isEqualTo(new Review("7", "Good.", "film", Instant.EPOCH));
    assertThat(new String(config.outputFormat().write(sentiment, value), UTF_8))
        .endsWith("\"review\":{\"s\":\"film\",\"w\":0,\"more\":1}}");
  }

  @Test
  void refusesACommitIntervalThatOutlivesItsTransaction() {
    assertThatThrownBy(() -> new ValenceConfig(Map.of("kafka.commit.interval.ms", "30001")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("transaction.timeout.ms");
  }

  @Test
  void listsEveryKeyInTheReference() {
    String reference = new ConfigReference().markdown();

    assertThat(ValenceConfig.DEFINITION.names())
        .allSatisfy(key -> assertThat(reference).containsOnlyOnce("| `" + key + "` |"));
    assertThat(reference)
        .contains("| `valence.batch.max.delay.ms` | `500` | [0,...,60000] | ")
        .contains("| `kafka.commit.interval.ms` | `10000` | ");
  }
}
