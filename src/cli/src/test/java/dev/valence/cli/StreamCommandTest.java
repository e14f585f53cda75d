package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.ModelRepository;
import dev.valence.model.TinyModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedBroker.class)
class StreamCommandTest {

  @TempDir Path directory;

  private Path models;

  @BeforeEach
  void publishAModel() {
    models = directory.resolve("models");
    TinyModel.write(directory.resolve("tiny"));
    new ModelRepository(models).publish(directory.resolve("tiny"));
  }

  @Test
  void scoresUntilItIsTerminated(Brokers brokers) throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("valence.properties"),
            """
            # The command line wins over this file.
            valence.topic.reviews = stream-command-reviews
            valence.topic.sentiments = overridden
            valence.topic.dead.letters = stream-command-dead-letters
            valence.input.format = json
            valence.http.port = 0
            valence.model.repository = %s
            kafka.bootstrap.servers = %s
            kafka.application.id = stream-command
            kafka.state.dir = %s
            """
                .formatted(models, brokers.address(), directory.resolve("state")));
    Path reviews =
        Files.writeString(
            directory.resolve("reviews.jsonl"),
            "{\"id\": \"a\", \"text\": \"A great film.\"}\n{\"id\": \"b\", \"text\": \"Awful!\"}\n");

    try (CommandProcess stream =
        CommandProcess.start(
            directory,
            "stream",
            "--config",
            config.toString(),
            "--set",
            "valence.topic.sentiments=stream-command-sentiments")) {
      stream.awaitErr("scoring stream-command-reviews into stream-command-sentiments");
      Invocation produced =
          Invocation.of(
              "",
              "produce",
              "--bootstrap-server",
              brokers.address(),
              "--topic",
              "stream-command-reviews",
              "--format",
              "json",
              reviews.toString());
      Invocation tail =
          Invocation.of(
              "",
              "tail",
              "--bootstrap-server",
              brokers.address(),
              "--topic",
              "stream-command-sentiments",
              "--from-beginning",
              "--max",
              "2");
      try (Socket half = half(stream);
          Socket another = half(stream)) {
        assertThat(half.isConnected() && another.isConnected()).isTrue();
        assertThat(status(stream, "/readyz")).isEqualTo(200);
      }
      stream.terminate();

      assertThat(produced.exitCode()).as(produced.err()).isZero();
      assertThat(tail.outLines().subList(1, 3))
          .anyMatch(line -> line.startsWith("positive ") && line.endsWith(" a"))
          .anyMatch(line -> line.startsWith("negative ") && line.endsWith(" b"));
      assertThat(stream.exitCode()).isEqualTo(143);
      assertThat(stream.err()).doesNotContain("\tat ");
    }
  }

  @Test
  void namesAWrongKeyAndTheNearest() {
    Invocation run = stream("--set", "valence.topic.review=r");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errLines())
        .containsExactly(
            "valence stream: unknown configuration key: valence.topic.review. Did you mean"
                + " valence.topic.reviews? See 'valence stream --help'.");
  }

  @Test
  void refusesAWrongValue() {
    Invocation run = stream("--set", "valence.http.port=much");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .contains("Invalid value much for configuration valence.http.port");
    assertThat(stream("--set", "nonsense").exitCode()).isEqualTo(2);
  }

  @Test
  void saysThatItCannotReadItsConfiguration() throws Exception {
    Path missing = directory.resolve("missing.properties");
    Path broken = Files.writeString(directory.resolve("broken.properties"), "a=\\u00zz");

    assertOneLine(stream("--config", missing.toString()), "no such file or directory: " + missing);
    assertOneLine(stream("--config", broken.toString()), "not a properties file: " + broken + ": ");
  }

  @Test
  void saysThatNoBrokerAnswers() {
    assertOneLine(
        stream(
            "--set",
            "kafka.bootstrap.servers=127.0.0.1:1",
            "--set",
            "valence.start.timeout.ms=500"),
        "no Kafka broker answers at 127.0.0.1:1 ");
  }

  @Test
  void saysThatThereIsNoModel(Brokers brokers) throws Exception {
    Path empty = Files.createDirectory(directory.resolve("empty"));

    assertOneLine(
        stream(
            "--set",
            "kafka.bootstrap.servers=" + brokers.address(),
            "--set",
            "valence.model.repository=" + empty),
        "no model in " + empty);
  }

  @Test
  void saysThatItsPortIsInUse(Brokers brokers) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Invocation run =
          stream(
              "--set",
              "kafka.bootstrap.servers=" + brokers.address(),
              "--set",
              "valence.http.port=" + taken.getLocalPort());

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.errLines())
          .singleElement()
          .asString()
          .contains(Integer.toString(taken.getLocalPort()), "in use");
    }
  }

  /** Somebody who begins a request and never ends it. */
  private static Socket half(CommandProcess stream) throws IOException {
    Socket socket = new Socket("127.0.0.1", port(stream));
    socket.getOutputStream().write('G');
    return socket;
  }

  private static int status(CommandProcess stream, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port(stream) + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofMinutes(1)).build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static int port(CommandProcess stream) throws IOException {
    Matcher address = Pattern.compile("status at http://127.0.0.1:(\\d+)").matcher(stream.err());
    assertThat(address.find()).isTrue();
    return Integer.parseInt(address.group(1));
  }

  private static void assertOneLine(Invocation run, String beginning) {
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith("valence stream: " + beginning);
  }

  private Invocation stream(String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.add("stream");
    if (!String.join(" ", more).contains("valence.model.repository")) {
      arguments.addAll(List.of("--set", "valence.model.repository=" + models));
    }
    if (!String.join(" ", more).contains("valence.http.port")) {
      arguments.addAll(List.of("--set", "valence.http.port=0"));
    }
    arguments.addAll(List.of(more));
    return Invocation.of("", arguments.toArray(String[]::new));
  }
}
