package dev.valence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.training.Corpus;
import dev.valence.training.CorpusReader;
import dev.valence.training.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run makes of the reviews and corrections that are on topics. */
@ExtendWith(SharedBroker.class)
class TrainFromTopicsTest {
  private static final String TINY =
      "--from-nothing --preset small --towers 1 --validation 0.4 --set frozen=0 --set cycle_len=1"
          + " --set em_sz=8 --set nh=8 --set nl=1 --set min_freq=1";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"avro", "json", "text"})
  void joinsReviewsWithTheirLastLabels(String format, Brokers brokers) throws Exception {
    Topic reviews = Topic.create(brokers, "topics-reviews", 3);
    Topic labels = Topic.create(brokers, "topics-labels", 2);
    succeed(
        "produce --bootstrap-server %s --topic %s --format %s %s",
        brokers.address(), reviews.name(), format, reviews(40));
    Path said = write("labels.csv", "id,label\nr1,wrong\nr2,bad\nr3,bad\n" + labels(4, 30));
    String correct = "correct --bootstrap-server %s --topic %s --format json ";
    succeed(correct + said, brokers.address(), labels.name());
    succeed(
        correct.replace("json", "avro") + "--id r1 --label good", brokers.address(), labels.name());
    succeed(correct + "--id r3 --withdraw", brokers.address(), labels.name());
    succeed(correct + "--id gone --label good", brokers.address(), labels.name());
    Path run = folder.resolve("run");

    Invocation trained =
        succeed(
            "train classifier --from-topics --bootstrap-server %s --reviews-topic %s"
                + " --labels-topic %s --format %s --out %s "
                + TINY,
            brokers.address(),
            reviews.name(),
            labels.name(),
            format,
            run);

    assertThat(trained.errLines())
        .contains(
            "40 reviews on the topic %s, 32 corrections on %s: 29 reviews have a label"
                .formatted(reviews.name(), labels.name()),
            "1 corrections are of reviews that are not on the topic %s: gone"
                .formatted(reviews.name()));
    Corpus corpus = new CorpusReader(CorpusReader.Columns.DEFAULT).read(corpus(run), "");
    assertThat(corpus.documents())
        .hasSize(29)
        .allSatisfy(document -> assertThat(document.label()).isIn("good", "bad"))
        .extracting(Document::id)
        .contains("r1", "r2", "r4")
        .doesNotContain("r3", "gone");
    assertThat(corpus.documents())
        .filteredOn(document -> document.id().equals("r1"))
        .singleElement()
        .satisfies(
            document -> {
              assertThat(document.label()).isEqualTo("good");
              assertThat(document.group()).isEqualTo(format.equals("text") ? "r1" : "course 1");
            });
    JsonNode origin = new ObjectMapper().readTree(run.resolve("corpus.json").toFile());
    assertThat(origin.path("ranges")).hasSize(5);
    assertThat(origin.path("ranges").findValues("to").stream().mapToLong(JsonNode::asLong).sum())
        .isEqualTo(40 + 33);
    assertThat(origin.path("labelsWithoutReview").asInt()).isEqualTo(1);
    assertThat(origin.path("unlabelledReviews").asInt()).isEqualTo(11);
    assertThat(new ObjectMapper().readTree(run.resolve("classifier.json").toFile()).path("corpus"))
        .isEqualTo(origin.path("trainingDataDigest"));
  }

  @Test
  void goesOnWithWhatItBeganWith(Brokers brokers) throws Exception {
    Topic reviews = Topic.create(brokers, "topics-reviews", 1);
    Topic labels = Topic.create(brokers, "topics-labels", 1);
    succeed(
        "produce --bootstrap-server %s --topic %s %s",
        brokers.address(), reviews.name(), reviews(30));
    Path said = write("labels.csv", "id,label\n" + labels(1, 30));
    String correct = "correct --bootstrap-server %s --topic %s ";
    succeed(correct + said, brokers.address(), labels.name());
    String train =
        "train classifier --from-topics --bootstrap-server %s --reviews-topic %s --labels-topic %s"
            + " --group-column id --out %s "
            + TINY;
    Path run = folder.resolve("run");
    succeed(train, brokers.address(), reviews.name(), labels.name(), run);
    String before = Files.readString(corpus(run));
    succeed(correct + "--id r1 --label bad", brokers.address(), labels.name());

    Invocation again = succeed(train, brokers.address(), reviews.name(), labels.name(), run);

    assertThat(again.errLines()).first().asString().startsWith("going on with the reviews in ");
    assertThat(corpus(run)).content().isEqualTo(before);
    assertThat(new CorpusReader(CorpusReader.Columns.DEFAULT).read(corpus(run), "").documents())
        .allSatisfy(document -> assertThat(document.group()).isEqualTo(document.id()));
  }

  @Test
  void leavesTheReviewsOfARunningRunAlone(Brokers brokers) throws Exception {
    Topic reviews = Topic.create(brokers, "topics-reviews", 1);
    Topic labels = Topic.create(brokers, "topics-labels", 1);
    succeed(
        "produce --bootstrap-server %s --topic %s %s",
        brokers.address(), reviews.name(), reviews(30));
    succeed(
        "correct --bootstrap-server %s --topic %s "
            + write("labels.csv", "id,label\n" + labels(1, 30)),
        brokers.address(),
        labels.name());
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(corpus(run), "of the run that is at work");

    for (String task : List.of("lm", "classifier")) {
      String again =
          "train "
              + task
              + " --from-topics --bootstrap-server %s --reviews-topic %s --labels-topic %s --out %s";
      new RunFolder(run)
          .alone(
              () ->
                  assertThat(
                          fail(again, brokers.address(), reviews.name(), labels.name(), run)
                              .errLines())
                      .last()
                      .asString()
                      .contains("another run writes into " + run));
      assertThat(corpus(run)).content().isEqualTo("of the run that is at work");
    }
  }

  @Test
  void namesWhatCannotBeReadAndLeavesItOut(Brokers brokers) throws Exception {
    Topic reviews = Topic.create(brokers, "topics-reviews", 1);
    Topic labels = Topic.create(brokers, "topics-labels", 1);
    send(brokers, reviews, "a", "{\"id\":\"a\",\"text\":\"She is kind.\"}");
    send(brokers, reviews, "b", "{\"id\":\"b\"}");
    send(brokers, reviews, "c", "{\"id\":\"c\",\"text\":\"She is late.\"}");
    send(brokers, reviews, "c", null);
    send(brokers, reviews, "d", "{\"text\":\"She is fair. \\ud83d\"}");
    send(brokers, labels, "a", "{\"id\":\"a\",\"label\":\"good\"}");
    send(brokers, labels, "b", "\u00c3\u0001 nonsense");
    send(brokers, labels, "b", "{\"id\":\"b\",\"label\":\" \"}");
    send(brokers, labels, "c", "{\"id\":\"c\",\"label\":\"good\"}");
    send(brokers, labels, "d", "{\"id\":\"d\",\"label\":\"bad\"}");
    Path config =
        write(
            "stream.properties",
            "kafka.bootstrap.servers=%s%nvalence.topic.reviews=%s%nvalence.input.format=json%n"
                .formatted(brokers.address(), reviews.name()));

    Invocation run =
        fail(
            "train classifier --from-topics --stream-config %s --labels-topic %s --out %s "
                + TINY.replace("0.4", "0"),
            config,
            labels.name(),
            folder.resolve("run"));

    assertThat(run.errLines())
        .contains(
            reviews.name()
                + "-0 at offset 1 is not a review: the JSON object has no field \"text\""
                + " with a string",
            labels.name() + "-0 at offset 2 is not a correction: its label is blank",
            "3 records cannot be read and are left out",
            "1 corrections are of reviews that are not on the topic " + reviews.name() + ": c")
        .anySatisfy(line -> assertThat(line).startsWith(labels.name() + "-0 at offset 1 is not"));
    assertThat(run.errLines())
        .last()
        .asString()
        .contains("the label 'bad' occurs once among the reviews to learn");
  }

  @Test
  void saysWhatIsMissing(Brokers brokers) throws Exception {
    String address = brokers.address();
    Topic empty = Topic.create(brokers, "topics-empty", 2);
    Topic reviews = Topic.create(brokers, "topics-reviews", 1);
    send(brokers, reviews, "a", "She is kind.");
    String run =
        "train classifier --out "
            + folder.resolve("run")
            + " --from-topics --format text"
            + " --bootstrap-server %s --reviews-topic %s --labels-topic %s";

    assertThat(fail(run, address, "absent", empty.name()).errLines())
        .containsExactly(
            "valence train classifier: no topic absent at "
                + address
                + ". Name the topic of the reviews with --reviews-topic.");
    assertThat(fail(run, address, reviews.name(), "absent").errLines())
        .containsExactly(
            "valence train classifier: no topic absent at "
                + address
                + ". Put corrections there with 'valence correct', or name another with"
                + " --labels-topic.");
    assertThat(fail(run, address, empty.name(), empty.name()).errLines())
        .last()
        .isEqualTo(
            "valence train classifier: the topic "
                + empty.name()
                + " holds no review. Put some there with 'valence produce'.");
    assertThat(fail(run, address, reviews.name(), empty.name()).errLines())
        .last()
        .isEqualTo(
            "valence train classifier: no review on the topic "
                + reviews.name()
                + " has a label on "
                + empty.name()
                + ". Put some there with 'valence correct'.");
    assertThat(fail(run, "127.0.0.1:1", "r", "l").errLines())
        .containsExactly(
            "valence train classifier: no Kafka broker answers at 127.0.0.1:1 (waited 10 s)."
                + " Start one (valence broker), or name another with --bootstrap-server.");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void refusesWrongUsage() {
    assertUsage("train classifier --out run");
    assertUsage("train classifier --out run --data r.csv --from-topics");
    assertUsage("train classifier --out run --data r.csv --reviews-topic reviews");
    assertUsage("train classifier --out run --from-topics --text-column body");
    assertUsage("train classifier --out run --from-topics --group-column teacher");
    assertUsage("train classifier --out run --from-topics --format xml");
    assertUsage("train classifier --out run --from-topics --format avro-registry");
  }

  private static void assertUsage(String command) {
    Invocation run = Invocation.of("", command.split(" "));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.errLines()).singleElement().asString().startsWith("valence train classifier: ");
  }

  private static Invocation succeed(String command, Object... values) {
    Invocation run = Invocation.of("", command.formatted(values).split(" "));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private static Invocation fail(String command, Object... values) {
    Invocation run = Invocation.of("", command.formatted(values).split(" "));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    return run;
  }

  private static Path corpus(Path run) {
    return run.resolve("corpus.jsonl");
  }

  private static void send(Brokers brokers, Topic topic, String key, String value)
      throws ExecutionException, InterruptedException {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers.address()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  topic.name(), key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8)))
          .get();
    }
  }

  private Path reviews(int count) throws IOException {
    List<String> rows = new ArrayList<>(List.of("id,text,subject"));
    for (int i = 1; i <= count; i++) {
      rows.add("r%d,She is %s number %d,course %d".formatted(i, isGood(i) ? "kind" : "late", i, i));
    }
    return write("reviews-" + UUID.randomUUID() + ".csv", String.join("\n", rows) + "\n");
  }

  private static String labels(int from, int to) {
    StringBuilder rows = new StringBuilder();
    for (int i = from; i <= to; i++) {
      rows.append("r%d,%s%n".formatted(i, isGood(i) ? "good" : "bad"));
    }
    return rows.toString();
  }

  private static boolean isGood(int number) {
    return number % 2 == 1;
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }
}
