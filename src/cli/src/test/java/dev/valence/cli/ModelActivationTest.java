package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.TinyModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator says, and what a processor makes of it. */
@ExtendWith(SharedBroker.class)
class ModelActivationTest {

  private static final Pattern STATUS = Pattern.compile("status at (http://[0-9.:]+)");

  @TempDir Path directory;

  @Test
  void changesTheVersionThatScores(Brokers brokers) throws Exception {
    String name = "activation-" + UUID.randomUUID();
    TinyModel.write(directory.resolve("1"));
    TinyModel.write(directory.resolve("2"), TinyModel.draft(2, 0));
    try (CommandProcess stream =
        CommandProcess.start(
            directory,
            "stream",
            "--set=kafka.bootstrap.servers=" + brokers.address(),
            "--set=kafka.application.id=" + name,
            "--set=valence.topic.control=" + name,
            "--set=valence.model.repository=" + directory,
            "--set=valence.http.port=0")) {
      stream.awaitErr("with model tiny version 2;");
      Matcher status = STATUS.matcher(stream.err());
      assertThat(status.find()).isTrue();

      assertThat(model(brokers, name, "activate", "1").outLines())
          .containsExactly("version 1 is to serve");
      awaitMetric(status.group(1), "valence_model_info{name=\"tiny\",version=\"1\",} 1.0");

      assertThat(model(brokers, name, "activate", "2", "--shadow").outLines())
          .containsExactly("version 1 is to serve; on trial: 2 in the shadow");
      awaitMetric(status.group(1), "version=\"2\",kind=\"shadow\",} 1.0");

      assertThat(model(brokers, name, "promote").outLines())
          .containsExactly("version 2 is to serve; before: 1");
      assertThat(model(brokers, name, "rollback").outLines())
          .containsExactly("version 1 is to serve");
      assertThat(model(brokers, name, "activate", "2", "--canary", "10").outLines())
          .containsExactly("version 1 is to serve; on trial: 2 as a canary on 10 % of the keys");
      assertThat(model(brokers, name, "withdraw").outLines())
          .containsExactly("version 1 is to serve");
      assertThat(model(brokers, name, "status").outLines())
          .containsExactly("version 1 is to serve");
      assertThat(model(brokers, name, "activate", "latest").outLines())
          .containsExactly("the latest version is to serve; before: 1");
      awaitMetric(status.group(1), "valence_model_info{name=\"tiny\",version=\"2\",} 1.0");
      stream.terminate();
      assertThat(stream.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void saysThatThereIsNothingToDo(Brokers brokers) throws Exception {
    String topic = Topic.create(brokers, "control", 1).name();

    assertOneLine(
        model(brokers, topic, "rollback"),
        "valence model rollback: no version is known that served before; activate the one to go back"
            + " to: in "
            + topic
            + ", the latest version is to serve. See 'valence model activate --help'.");
    assertOneLine(
        model(brokers, topic, "promote"), "valence model promote: no version is on trial: in ");
    assertOneLine(
        model(brokers, topic, "withdraw"), "valence model withdraw: no version is on trial: in ");
  }

  @Test
  void saysThatNoProcessorHasMadeTheTopic(Brokers brokers) {
    assertOneLine(
        model(brokers, "absent-control", "activate", "1"),
        "valence model activate: no topic absent-control at " + brokers.address());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "new", "1 --canary 100", "1 --canary 0", "latest --shadow"})
  void refusesWhatIsNoVersion(String arguments) {
    List<String> line = new ArrayList<>(List.of("model", "activate"));
    line.addAll(List.of(arguments.split(" ")));

    Invocation run = Invocation.of("", line.toArray(String[]::new));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
  }

  private static Invocation model(Brokers brokers, String name, String... arguments) {
    List<String> line = new ArrayList<>(List.of("model"));
    line.addAll(List.of(arguments));
    line.addAll(
        List.of(
            "--bootstrap-server",
            brokers.address(),
            "--application",
            name,
            "--control-topic",
            name));
    return Invocation.of("", line.toArray(String[]::new));
  }

  private static void assertOneLine(Invocation run, String beginning) {
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines()).singleElement().asString().startsWith(beginning);
  }

  private static void awaitMetric(String address, String line) throws Exception {
    HttpRequest metrics = HttpRequest.newBuilder(URI.create(address + "/metrics")).build();
    HttpClient client = HttpClient.newHttpClient();
    long deadline = System.nanoTime() + 60_000_000_000L;
    String page;
    do {
      page = client.send(metrics, BodyHandlers.ofString()).body();
    } while (!page.contains(line) && System.nanoTime() < deadline);
    assertThat(page).contains(line);
  }
}
