package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.model.TinyModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a processor from starting, and what its user is told. */
@ExtendWith(TestBroker.Extension.class)
class StreamStartTest {

  private static Path models;

  private final TestBroker broker;

  StreamStartTest(TestBroker broker) {
    this.broker = broker;
  }

  @BeforeAll
  static void writeModel(@TempDir Path directory) {
    TinyModel.write(directory.resolve("1"));
    models = directory;
  }

  @Test
  void saysThatNoBrokerAnswers() throws IOException {
    int unused;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unused = socket.getLocalPort();
    }

    assertRefused(
        Map.of(
            "kafka.bootstrap.servers", "127.0.0.1:" + unused, "valence.start.timeout.ms", "1000"),
        "no Kafka broker answers at 127.0.0.1:%d (waited 1 s). Start one, or set kafka.bootstrap.servers."
            .formatted(unused));
  }

  @Test
  void saysThatABrokersNameIsUnknown() {
    assertRefused(
        Map.of("kafka.bootstrap.servers", "no-such-host.invalid:9092"),
        "cannot reach Kafka: No resolvable bootstrap urls given in bootstrap.servers");
  }

  @Test
  void saysThatThereIsNoModel(@TempDir Path empty) {
    assertRefused(
        Map.of("valence.model.repository", empty.toString()),
        "no model in " + empty + ". Publish one there, or set valence.model.repository.");
  }

  @Test
  void saysWhichVersionsThereAre() {
    assertRefused(
        Map.of("valence.model.version", "3"),
        "no model version 3 in %s, which has [1]. Set valence.model.version to one of them, or to latest."
            .formatted(models));
  }

  @Test
  void saysWhatIsWrongWithADamagedModel(@TempDir Path repository) throws IOException {
    TinyModel.write(repository.resolve("1"));
    Files.writeString(repository.resolve("1/assets/vocabulary.txt"), "another\n");

    assertThatThrownBy(
            () ->
                SentimentStream.start(
                    config(Map.of("valence.model.repository", repository.toString()))))
        .isInstanceOf(StreamStartException.class)
        .hasMessageContaining("vocabulary.txt")
        .hasMessageNotContaining("\n");
  }

  @Test
  void saysThatATopicIsMissingWhenItMayNotCreateIt() {
    assertThatThrownBy(
            () ->
                SentimentStream.start(
                    config(
                        Map.of(
                            "valence.topic.reviews", "absent", "valence.topics.create", "false"))))
        .isInstanceOf(StreamStartException.class)
        .hasMessageMatching(
            "the topic absent does not exist at localhost:\\d+\\. Create it, or set valence\\.topics\\.create=true\\.");
  }

  @Test
  void saysWhyATopicCannotBeCreated() {
    assertThatThrownBy(
            () ->
                SentimentStream.start(
                    config(
                        Map.of(
                            "valence.topic.reviews", "replicated",
                            "valence.topics.replication.factor", "3"))))
        .isInstanceOf(StreamStartException.class)
        .hasMessageStartingWith("cannot create the topic replicated at localhost:")
        .hasMessageContaining("replicat");
  }

  @Test
  void saysThatItsPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () ->
                  SentimentStream.start(
                      config(Map.of("valence.http.port", Integer.toString(taken.getLocalPort())))))
          .isInstanceOf(StreamStartException.class)
          .hasMessageStartingWith("port " + taken.getLocalPort() + " on 127.0.0.1");
    }
  }

  @Test
  void leavesNothingBehindWhenItCannotStart(@TempDir Path empty) throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String httpPort = Integer.toString(port);

    assertRefused(
        Map.of("valence.http.port", httpPort, "valence.model.repository", empty.toString()),
        "no model in " + empty + ". Publish one there, or set valence.model.repository.");
    assertThatThrownBy(
            () ->
                SentimentStream.start(
                    config(Map.of("valence.http.port", httpPort)),
                    (model, planner) -> {
                      throw new UnsatisfiedLinkError("no library");
                    }))
        .isInstanceOf(UnsatisfiedLinkError.class);

    try (SentimentStream stream = TestBroker.start(config(Map.of("valence.http.port", httpPort)))) {
      assertThat(stream.httpAddress().getPort()).isEqualTo(port);
    }
  }

  private void assertRefused(Map<String, String> overrides, String message) {
    assertThatThrownBy(() -> SentimentStream.start(config(overrides)))
        .isInstanceOf(StreamStartException.class)
        .hasMessage(message);
  }

  private ValenceConfig config(Map<String, String> overrides) {
    return broker.config("start", models, overrides);
  }
}
