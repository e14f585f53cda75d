package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.TinyModel;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecuredKafkaTest {
  private static final String KEYS_PASSWORD = "lock and key";
  private static final String LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required"
          + " username=\"%s\" password=\"%s\"";

  @TempDir static Path directory;

  private static EmbeddedBroker broker;
  private static Path keys;

  @BeforeAll
  static void startBroker() throws Exception {
    keys = selfSigned(directory.resolve("keys.p12"));
    broker =
        EmbeddedBroker.start(
            0,
            Files.createDirectory(directory.resolve("broker")),
            Map.of(
                "listener.security.protocol.map",
                "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name",
                "PLAINTEXT",
                "ssl.keystore.location",
                keys.toString(),
                "ssl.keystore.password",
                KEYS_PASSWORD,
                "ssl.truststore.location",
                keys.toString(),
                "ssl.truststore.password",
                KEYS_PASSWORD,
                "sasl.enabled.mechanisms",
                "PLAIN",
                "sasl.mechanism.inter.broker.protocol",
                "PLAIN",
                "listener.name.plaintext.plain.sasl.jaas.config",
                LOGIN.formatted("node", "inner")
                    + " user_node=\"inner\" user_valence=\"open sesame\";"));
  }

  private static Path selfSigned(Path keys) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                keys.toString(),
                "-storepass",
                KEYS_PASSWORD,
                "-keyalg",
                "EC",
                "-dname",
                "CN=broker",
                "-ext",
                "SAN=ip:127.0.0.1")
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), Charset.defaultCharset());
    assertThat(keytool.waitFor()).as(said).isZero();
    return keys;
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void letsEveryCommandInThatIsToldWhatTheProcessorIs() throws Exception {
    TinyModel.write(directory.resolve("models/1"));
    Path reviews = Files.writeString(directory.resolve("r.txt"), "great\n");
    Path config = config("stream.properties", "open sesame");
    try (CommandProcess stream =
        CommandProcess.start(
            directory, "stream", "--config=" + config, "--set=valence.http.port=0")) {
      stream.awaitErr("scoring opinions into verdicts");

      assertThat(run(config, "produce", reviews.toString()).err())
          .contains("1 reviews on the topic opinions");
      assertThat(run(config, "tail", "--from-beginning", "--max=1", "--output=json").out())
          .contains("\"reviewId\":\"r.txt:1\"", "\"label\":\"positive\"");
      assertThat(run(config, "correct", "--id=r.txt:1", "--label=negative").err())
          .contains("1 correction on the topic review-labels");
      assertThat(run(config, "replay").err()).contains("sent back 0 dead letters of unreadable");
      assertThat(run(config, "model", "status").out()).contains("the latest version is to serve");
      assertThat(run(config, "model", "activate", "1").out()).contains("version 1 is to serve");
      stream.terminate();
      assertThat(stream.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void saysThatItDoesNotTrustTheBroker() throws IOException {
    Path config = config("stranger.properties", "open sesame");
    Files.writeString(config, Files.readString(config).replaceAll("(?m)^kafka.ssl.*\\R", ""));

    Invocation run = Invocation.of("", "model", "status", "--stream-config", config.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith(
            "valence model status: no TLS with the Kafka brokers at "
                + broker.bootstrapServer()
                + ": ")
        .endsWith("with kafka.ssl.truststore.location in the file of --stream-config.");
  }

  @Test
  void saysThatTheCertificatesAreNotThere() throws IOException {
    Path config = config("lost.properties", "open sesame");
    Path lost = directory.resolve("lost.p12");
    Files.writeString(config, Files.readString(config).replace(keys.toString(), lost.toString()));

    Invocation run = Invocation.of("", "model", "status", "--stream-config", config.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith("valence model status: cannot connect to " + broker.bootstrapServer())
        .contains(lost.toString())
        .doesNotContain(KEYS_PASSWORD);
  }

  @Test
  void saysThatItIsNotLetIn() throws IOException {
    Path config = config("wrong.properties", "open barley");

    Invocation run = Invocation.of("", "model", "status", "--stream-config", config.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith(
            "valence model status: the Kafka brokers at "
                + broker.bootstrapServer()
                + " do not let us in: ")
        .doesNotContain("barley")
        .endsWith("Say how to sign in with --stream-config.");
  }

  private static Path config(String name, String password) throws IOException {
    return Files.writeString(
        directory.resolve(name),
        """
        kafka.bootstrap.servers=%s
        kafka.application.id=secured
        kafka.security.protocol=SASL_SSL
        kafka.ssl.truststore.location=%s
        kafka.ssl.truststore.password=%s
        kafka.sasl.mechanism=PLAIN
        kafka.sasl.jaas.config=%s;
        valence.topic.reviews=opinions
        valence.topic.sentiments=verdicts
        valence.topic.dead.letters=unreadable
        valence.topic.control=orders
        valence.model.repository=%s
        """
            .formatted(
                broker.bootstrapServer(),
                keys,
                KEYS_PASSWORD,
                LOGIN.formatted("valence", password),
                directory.resolve("models")));
  }

  private static Invocation run(Path config, String... arguments) {
    List<String> line = new ArrayList<>(List.of(arguments));
    line.add("--stream-config=" + config);
    Invocation run = Invocation.of("", line.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }
}
