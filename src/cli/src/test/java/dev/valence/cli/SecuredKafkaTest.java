package dev.valence.cli;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.TinyModel;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
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
    Map<String, String> settings = new HashMap<>();
    settings.put("listener.security.protocol.map", "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT");
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    for (String store : List.of("ssl.keystore", "ssl.truststore")) {
      settings.put(store + ".location", keys.toString());
      settings.put(store + ".password", KEYS_PASSWORD);
    }
    settings.put("sasl.enabled.mechanisms", "PLAIN");
    settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    settings.put(
        "listener.name.plaintext.plain.sasl.jaas.config",
        LOGIN.formatted("node", "inner")
            + " user_node=\"inner\" user_valence=\"open sesame\" user_guest=\"open sesame\";");
    settings.put("authorizer.class.name", StandardAuthorizer.class.getName());
    settings.put("super.users", "User:node;User:ANONYMOUS");
    broker = EmbeddedBroker.start(0, Files.createDirectory(directory.resolve("broker")), settings);
    allow("valence", ResourceType.TOPIC, "opinions", READ, WRITE, CREATE, DESCRIBE_CONFIGS);
    allow("valence", ResourceType.TOPIC, "verdicts", READ, WRITE, CREATE);
    allow("valence", ResourceType.TOPIC, "unreadable", READ, WRITE, CREATE);
    allow("valence", ResourceType.TOPIC, "orders", READ, WRITE, CREATE, DESCRIBE_CONFIGS);
    allow("valence", ResourceType.TOPIC, "moods", READ, WRITE, CREATE);
    allow("valence", ResourceType.TOPIC, "secured-trends", READ, WRITE, CREATE);
    allow("valence", ResourceType.TOPIC, "review-labels", WRITE, CREATE);
    allow("valence", ResourceType.GROUP, "secured", READ);
    allow("valence", ResourceType.TRANSACTIONAL_ID, "secured", WRITE);
    allow("valence", ResourceType.GROUP, "valence-replay", READ);
    allow("valence", ResourceType.TRANSACTIONAL_ID, "valence-replay", WRITE);
  }

  /** Lets a user do something with all whose name begins so. */
  private static void allow(
      String user, ResourceType type, String prefix, AclOperation... operations) throws Exception {
    ResourcePattern pattern = new ResourcePattern(type, prefix, PatternType.PREFIXED);
    Path config = config("node.properties", "node", "inner");
    try (Admin admin = Admin.create(connection(config))) {
      admin
          .createAcls(
              Stream.of(operations)
                  .map(
                      operation ->
                          new AclBinding(
                              pattern,
                              new AccessControlEntry(
                                  "User:" + user, "*", operation, AclPermissionType.ALLOW)))
                  .toList())
          .all()
          .get();
    }
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
    Path config = config("stream.properties", "valence", "open sesame");
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
      awaitRecord("moods");
      stream.terminate();
      assertThat(stream.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void saysWhatTheProcessorMayNotDo() throws Exception {
    TinyModel.write(directory.resolve("models/1"));
    allow("guest", ResourceType.TOPIC, "opinions", READ, WRITE, CREATE);
    for (String topic : List.of("verdicts", "unreadable", "moods", "guest")) {
      allow("guest", ResourceType.TOPIC, topic, READ, WRITE, CREATE);
    }
    allow("guest", ResourceType.TOPIC, "orders", READ, CREATE);
    allow("guest", ResourceType.TRANSACTIONAL_ID, "guest", WRITE);
    Path config = config("guest.properties", "guest", "open sesame");

    try (CommandProcess stream =
        CommandProcess.start(
            directory,
            "stream",
            "--config=" + config,
            "--set=valence.http.port=0",
            "--set=kafka.application.id=guest")) {
      assertThat(stream.exitCode()).isEqualTo(1);
      assertThat(stream.err())
          .contains(
              "valence stream: the stream stopped: Not authorized to access group: guest. Allow the"
                  + " processor's user what the README lists under Access.");
    }
  }

  @Test
  void saysWhichTopicItMayNotRead() throws Exception {
    Path config = config("outsider.properties", "guest", "open sesame");
    allow("guest", ResourceType.TOPIC, "sealed", WRITE);
    try (Admin admin = Admin.create(connection(config("node.properties", "node", "inner")))) {
      admin.createTopics(List.of(new NewTopic("sealed", 1, (short) 1))).all().get();
    }
    String broker = SecuredKafkaTest.broker.bootstrapServer();

    assertThat(refusal(config, "tail", "--topic=sealed"))
        .isEqualTo(
            "valence tail: cannot read the topic sealed at "
                + broker
                + ": Not authorized to access topics: [sealed]");
    assertThat(refusal(config, "replay", "--dry-run", "--topic=sealed", "--group=outsider"))
        .isEqualTo(
            "valence replay: cannot read the topic sealed at "
                + broker
                + ": Not authorized to access group: outsider");
  }

  @Test
  void saysThatItDoesNotTrustTheBroker() throws IOException {
    Path config = config("stranger.properties", "valence", "open sesame");
    Files.writeString(config, Files.readString(config).replaceAll("(?m)^kafka.ssl.*\\R", ""));

    assertThat(refusal(config, "model", "status"))
        .startsWith(
            "valence model status: no TLS with the Kafka brokers at "
                + broker.bootstrapServer()
                + ": ")
        .endsWith("with kafka.ssl.truststore.location in the file of --stream-config.");
  }

  @Test
  void saysThatTheCertificatesAreNotThere() throws IOException {
    Path config = config("lost.properties", "valence", "open sesame");
    Path lost = directory.resolve("lost.p12");
    Files.writeString(config, Files.readString(config).replace(keys.toString(), lost.toString()));

    assertThat(refusal(config, "model", "status"))
        .startsWith("valence model status: cannot connect to " + broker.bootstrapServer())
        .contains("Failed to load SSL keystore " + lost)
        .doesNotContain(KEYS_PASSWORD);
  }

  @Test
  void saysThatItIsNotLetIn() throws IOException {
    Path config = config("wrong.properties", "valence", "open barley");

    assertThat(refusal(config, "model", "status"))
        .startsWith(
            "valence model status: the Kafka brokers at "
                + broker.bootstrapServer()
                + " do not let us in: ")
        .doesNotContain("barley")
        .endsWith("Say how to sign in with --stream-config.");
  }

  /** The one line that a command ends with. */
  private static String refusal(Path config, String... arguments) {
    Invocation run = invoke(config, arguments);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines()).hasSize(1);
    return run.errLines().get(0);
  }

  private static Path config(String name, String user, String password) throws IOException {
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
        valence.trends.enabled=true
        valence.topic.trends=moods
        valence.model.repository=%s
        """
            .formatted(
                broker.bootstrapServer(),
                keys,
                KEYS_PASSWORD,
                LOGIN.formatted(user, password),
                directory.resolve("models")));
  }

  private static void awaitRecord(String topic) throws IOException {
    Map<String, Object> client = connection(config("node.properties", "node", "inner"));
    client.put("auto.offset.reset", "earliest");
    client.put("group.id", "node");
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    try (KafkaConsumer<byte[], byte[]> reader =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      reader.subscribe(List.of(topic));
      while (reader.poll(Duration.ofMillis(100)).isEmpty()) {
        assertThat(System.nanoTime()).as("time to write to %s", topic).isLessThan(deadline);
      }
    }
  }

  private static Map<String, Object> connection(Path config) {
    return new StreamConfigFile(config).with(Map.of()).kafka().connection();
  }

  private static Invocation run(Path config, String... arguments) {
    Invocation run = invoke(config, arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private static Invocation invoke(Path config, String... arguments) {
    List<String> line = new ArrayList<>(List.of(arguments));
    line.add("--stream-config=" + config);
    return Invocation.of("", line.toArray(String[]::new));
  }
}
