package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.schema.Review;
import dev.valence.stream.format.ReviewFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedBroker.class)
class ProduceCommandTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {ReviewFormat.AVRO, ReviewFormat.JSON, ReviewFormat.TEXT})
  void keysEachReviewByItsId(String format, Brokers brokers) throws Exception {
    Topic topic = Topic.create(brokers, "produce", 1);
    Path csv = write("r.csv", "id,text,subject\na,\"good, ☕\",film\n,bad,kettle\n");
    Path lines = write("r.jsonl", "{\"id\": \"c\", \"text\": \"fine\", \"subject\": \"film\"}\n");

    Invocation run = produce(brokers, topic, "--format", format, csv.toString(), lines.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.errLines()).singleElement().asString().startsWith("3 reviews on the topic ");
    assertThat(topic.records())
        .extracting(ConsumerRecord::key)
        .containsExactly("a", "r.csv:3", "c");
    Review first = ReviewFormat.named(format).read(topic.records().get(0).value());
    assertThat(first.getText()).isEqualTo("good, ☕");
    assertThat(first.getId()).isEqualTo(format.equals(ReviewFormat.TEXT) ? "" : "a");
    assertThat(first.getSubject()).isEqualTo(format.equals(ReviewFormat.TEXT) ? null : "film");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--id-column", "--subject-column"})
  void refusesAColumnThatWasNamedAndIsNotThere(String option, Brokers brokers) throws Exception {
    Topic topic = Topic.create(brokers, "produce", 1);
    Path csv = write("r.csv", "text,Teacher\ngood,Ada\n");

    Invocation run = produce(brokers, topic, option, "teacher", csv.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .containsExactly(
            "valence produce: no column 'teacher' in %s, which has [text, Teacher]. Name one of those."
                .formatted(csv));
    assertThat(topic.records()).isEmpty();
  }

  @Test
  void sendsAllReviewsButNamesWhatIsNone(Brokers brokers) throws Exception {
    Topic topic = Topic.create(brokers, "produce", 4);
    Path lines = write("r.jsonl", "{\"text\": \"good\"}\nnonsense\n{\"text\": \"bad\"}\n");

    Invocation run = produce(brokers, topic, lines.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines()).hasSize(2);
    assertThat(run.errLines().get(0)).startsWith(lines + ":2: not JSON");
    assertThat(run.errLines().get(1))
        .startsWith("2 reviews on the topic " + topic.name())
        .endsWith("; 1 places are not reviews and were left out");
    assertThat(topic.records())
        .extracting(ConsumerRecord::key)
        .containsExactlyInAnyOrder("r.jsonl:1", "r.jsonl:3");
  }

  @Test
  void takesAReviewOfTenMegabytes(Brokers brokers) throws Exception {
    Topic topic = Topic.create(brokers, "produce", 1);
    Path huge = write("huge.txt", "good ".repeat(2_000_000));

    Invocation run = produce(brokers, topic, huge.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(topic.records())
        .singleElement()
        .extracting(ConsumerRecord::key)
        .isEqualTo("huge.txt:1");
  }

  @Test
  void saysWhichReviewTheBrokerRefuses(Brokers brokers) throws Exception {
    Topic topic = Topic.create(brokers, "produce", 1);
    Path huge = write("huge.txt", "good\n" + "good ".repeat(4_000_000));

    Invocation run = produce(brokers, topic, huge.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith(
            "valence produce: cannot write the review huge.txt:2 to the topic " + topic.name());
  }

  @Test
  void saysThatNoBrokerAnswers() throws IOException {
    Path lines = write("r.txt", "good\n");

    Invocation run =
        Invocation.of("", "produce", "--bootstrap-server", "127.0.0.1:1", lines.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .containsExactly(
            "valence produce: no Kafka broker answers at 127.0.0.1:1 (waited 10 s). Start one"
                + " (valence broker), or name another with --bootstrap-server; one that wants TLS or a"
                + " password needs --stream-config.");
  }

  @Test
  void refusesAnAddressThatIsNone() throws IOException {
    Path lines = write("r.txt", "good\n");

    Invocation run = Invocation.of("", "produce", "--bootstrap-server", "here", lines.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith("valence produce: wrong --bootstrap-server: here: ");
  }

  @Test
  void refusesWrongUsage() {
    assertUsage("produce");
    assertUsage("produce", "--format", "xml", "r.txt");
    assertUsage("produce", "--rate", "0", "r.txt");
    assertUsage("produce", "--rate", "fast", "r.txt");
  }

  private static void assertUsage(String... arguments) {
    Invocation run = Invocation.of("", arguments);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith("valence produce: ")
        .endsWith(" See 'valence produce --help'.");
  }

  private static Invocation produce(Brokers brokers, Topic topic, String... more) {
    String[] arguments = new String[more.length + 5];
    arguments[0] = "produce";
    arguments[1] = "--bootstrap-server";
    arguments[2] = brokers.address();
    arguments[3] = "--topic";
    arguments[4] = topic.name();
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Invocation.of("", arguments);
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }
}
