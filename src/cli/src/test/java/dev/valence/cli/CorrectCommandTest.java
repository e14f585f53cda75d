package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.schema.ReviewLabel;
import dev.valence.stream.format.RecordFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedBroker.class)
class CorrectCommandTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {RecordFormat.AVRO, RecordFormat.JSON})
  void keysEachCorrectionByItsReview(String format, Brokers brokers) throws Exception {
    String topic = "labels-" + UUID.randomUUID();
    Path csv = write("r.csv", "text,id,label\n\"good, ☕\",a, positive\nfair,b,\nbad,c,negative\n");
    Path lines = write("r.jsonl", "{\"id\": 7, \"label\": \"mixed\"}\n");

    Invocation run = correct(brokers, topic, "--format", format, csv.toString(), lines.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.errLines())
        .containsExactly("3 corrections on the topic " + topic + "; 1 rows have no label");
    List<ConsumerRecord<String, byte[]>> records = records(brokers, topic);
    assertThat(records).extracting(ConsumerRecord::key).containsExactly("a", "c", "7");
    RecordFormat<ReviewLabel> labels =
        RecordFormat.labels(RecordFormat.AVRO, Optional.empty(), topic);
    assertThat(labels.read(records.get(0).value()))
        .isEqualTo(ReviewLabel.newBuilder().setId("a").setLabel("positive").build());
    assertThat(labels.read(records.get(2).value()).getLabel()).isEqualTo("mixed");
  }

  @Test
  void takesBackWhatWasSaidOfAReview(Brokers brokers) throws Exception {
    String topic = "labels-" + UUID.randomUUID();

    Invocation said = correct(brokers, topic, "--id", "a", "--label", "positive");
    Invocation withdrawn = correct(brokers, topic, "--id", "a", "--withdraw");

    assertThat(said.errLines()).containsExactly("1 correction on the topic " + topic);
    assertThat(withdrawn.exitCode()).as(withdrawn.err()).isZero();
    assertThat(records(brokers, topic)).extracting(ConsumerRecord::value).last().isNull();
  }

  @Test
  void makesATopicThatKeepsTheLastLabelOfEachReview(Brokers brokers) throws Exception {
    String topic = "labels-" + UUID.randomUUID();
    Topic forgetful = Topic.create(brokers, "labels", 1);

    Invocation made = correct(brokers, topic, "--id", "a", "--label", "positive");
    Invocation warned = correct(brokers, forgetful.name(), "--id", "a", "--label", "positive");

    assertThat(made.exitCode()).as(made.err()).isZero();
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers.address()))) {
      assertThat(
              admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream()
                  .filter(entry -> entry.name().equals("cleanup.policy"))
                  .map(entry -> entry.value()))
          .containsExactly("compact");
    }
    assertThat(warned.errLines())
        .first()
        .asString()
        .startsWith("the topic " + forgetful.name() + " is not compacted (cleanup.policy=delete)");
  }

  @Test
  void sendsAllCorrectionsButNamesWhatIsNone(Brokers brokers) throws Exception {
    String topic = "labels-" + UUID.randomUUID();
    Path lines =
        write(
            "r.jsonl",
            "{\"id\": \"a\", \"label\": \"good\"}\nnonsense\n{\"label\": \"bad\"}\n"
                + "{\"id\": \"b\", \"label\": \"uncertain\"}\n");

    Invocation run = correct(brokers, topic, lines.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines()).hasSize(4);
    assertThat(run.errLines().get(0)).startsWith(lines + ":2: not JSON");
    assertThat(run.errLines().get(1)).isEqualTo(lines + ":3: no id of a review in 'id'");
    assertThat(run.errLines().get(2))
        .isEqualTo("review b: 'uncertain' is no label that can be learned");
    assertThat(run.errLines().get(3))
        .isEqualTo(
            "1 correction on the topic "
                + topic
                + "; 3 places are not corrections and were left out");
    assertThat(records(brokers, topic)).extracting(ConsumerRecord::key).containsExactly("a");
  }

  @Test
  void namesTheColumnsThatAFileLacks(Brokers brokers) throws Exception {
    Path csv = write("r.csv", "id,text\na,good\n");

    Invocation run = correct(brokers, "labels-" + UUID.randomUUID(), csv.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .containsExactly(
            "valence correct: no column 'label' in "
                + csv
                + ", which has [id, text]. Name the columns with --id-column and --label-column.");

    Path twice = write("t.csv", "id,label,label\na,good,bad\n");
    assertThat(correct(brokers, "labels-" + UUID.randomUUID(), twice.toString()).errLines())
        .containsExactly(
            "valence correct: several columns of "
                + twice
                + " are called 'label'. Rename all but one.");
  }

  @Test
  void refusesWrongUsage() {
    assertUsage("correct");
    assertUsage("correct", "--id", "a");
    assertUsage("correct", "--id", "a", "--label", " ");
    assertUsage("correct", "--id", "a", "--label", "uncertain");
    assertUsage("correct", "--id", "a", "--label", "good", "--withdraw");
    assertUsage("correct", "--id", "a", "--label", "good", "r.csv");
    assertUsage("correct", "--label", "good", "r.csv");
    assertUsage("correct", "--format", "text", "r.csv");
    assertUsage("correct", "--format", "avro-registry", "r.csv");
  }

  private static void assertUsage(String... arguments) {
    Invocation run = Invocation.of("", arguments);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith("valence correct: ")
        .endsWith(" See 'valence correct --help'.");
  }

  private static List<ConsumerRecord<String, byte[]>> records(Brokers brokers, String topic) {
    return Topic.named(brokers, topic).byPartition(true).get(0);
  }

  private static Invocation correct(Brokers brokers, String topic, String... more) {
    List<String> line = new ArrayList<>(List.of("correct", "--topic", topic));
    line.addAll(List.of("--bootstrap-server", brokers.address()));
    line.addAll(List.of(more));
    return Invocation.of("", line.toArray(String[]::new));
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }
}
