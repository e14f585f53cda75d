package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.format.SentimentFormat;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.class)
class TailCommandTest {
  private static final byte[] NOT_A_SCORE = {1, 2, 3};

  private final SentimentFormat avro = SentimentFormat.named(SentimentFormat.AVRO);
  private final SentimentFormat json = SentimentFormat.named(SentimentFormat.JSON);

  @Test
  void showsCommittedScoresAsATable(Brokers brokers) throws Exception {
    Topic topic = Topic.create(brokers, "tail", 1);
    write(brokers, topic, false, Map.of("aborted", avro.write(score("aborted"))));
    write(brokers, topic, true, Map.of("film-1", avro.write(score("film-1"))));

    Invocation run = tail(brokers, topic, "--from-beginning", "--max", "1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.outLines())
        .containsExactly(
            "LABEL        PROB  TOKENS  UNKNOWN  MODEL          REVIEW",
            "positive    97.5%     12+        3  tiny 4         film-1");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void showsOneJsonObjectALine(Brokers brokers) throws Exception {
    Topic topic = Topic.create(brokers, "tail", 1);
    write(brokers, topic, true, Map.of("å", json.write(score("å"))));

    Invocation run = tail(brokers, topic, "--from-beginning", "--max", "1", "--output", "json");

    JsonNode object = new ObjectMapper().readTree(run.out());
    assertThat(object.properties().stream().map(Map.Entry::getKey))
        .containsExactly(
            "reviewId",
            "label",
            "probabilities",
            "modelName",
            "modelVersion",
            "tokens",
            "unknownTokens",
            "truncated",
            "scoredAt");
    assertThat(object.path("reviewId").asText()).isEqualTo("å");
    assertThat(object.path("probabilities").path("positive").asDouble()).isEqualTo(0.975);
  }

  @Test
  void namesWhatIsNotAScoreAndGoesOn(Brokers brokers) throws Exception {
    Topic topic = Topic.create(brokers, "tail", 1);
    write(brokers, topic, true, Map.of("x", NOT_A_SCORE));
    write(brokers, topic, true, Map.of("a", avro.write(score("a"))));

    Invocation run = tail(brokers, topic, "--from-beginning", "--max", "1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.outLines()).hasSize(2);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith(topic.name() + "-0 at offset 0 is not a score: ");
  }

  @Test
  void showsTombstonesButDoesNotCountThem(Brokers brokers) throws Exception {
    Topic topic = Topic.create(brokers, "tail", 1);
    write(brokers, topic, true, java.util.Collections.singletonMap("gone", null));
    write(brokers, topic, true, Map.of("a", avro.write(score("a"))));

    Invocation table = tail(brokers, topic, "--from-beginning", "--max", "1");
    Invocation lines = tail(brokers, topic, "--from-beginning", "--max", "1", "--output", "json");

    assertThat(table.outLines()).hasSize(3);
    assertThat(table.outLines().get(1)).startsWith("(deleted) ").endsWith(" gone");
    assertThat(lines.outLines()).hasSize(1);
  }

  @Test
  void keepsTerminalsSafe() {
    String row = new SentimentTable().row(score("\u001b[2Jevil\n"));

    assertThat(row).endsWith("\ufffd[2Jevil\ufffd");
  }

  @Test
  void saysThatThereIsNoSuchTopic(Brokers brokers) {
    Topic missing = Topic.named(brokers, "nowhere");

    Invocation run = tail(brokers, missing);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .containsExactly(
            "valence tail: no topic nowhere at "
                + brokers.address()
                + ". Start 'valence stream', which creates it, or name another with --topic.");
  }

  @Test
  void refusesWrongUsage() {
    assertThat(Invocation.of("", "tail", "--max", "0").exitCode()).isEqualTo(2);
    assertThat(Invocation.of("", "tail", "--output", "xml").exitCode()).isEqualTo(2);
  }

  private static ReviewSentiment score(String id) {
    return ReviewSentiment.newBuilder()
        .setReviewId(id)
        .setLabel("positive")
        .setProbabilities(Map.of("negative", 0.025f, "positive", 0.975f))
        .setModelName("tiny")
        .setModelVersion(4)
        .setTokens(12)
        .setUnknownTokens(3)
        .setTruncated(true)
        .setScoredAt(Instant.parse("2026-01-02T03:04:05Z"))
        .build();
  }

  private static void write(
      Brokers brokers, Topic topic, boolean commit, Map<String, byte[]> records) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", brokers.address(),
                "transactional.id", UUID.randomUUID().toString()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      records.forEach(
          (key, value) -> producer.send(new ProducerRecord<>(topic.name(), key, value)));
      producer.flush();
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
  }

  private static Invocation tail(Brokers brokers, Topic topic, String... more) {
    String[] arguments = new String[more.length + 5];
    arguments[0] = "tail";
    arguments[1] = "--bootstrap-server";
    arguments[2] = brokers.address();
    arguments[3] = "--topic";
    arguments[4] = topic.name();
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Invocation.of("", arguments);
  }
}
