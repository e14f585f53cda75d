package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.model.TinyModel;
import dev.valence.schema.AvroMessages;
import dev.valence.schema.ReviewSentiment;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.tools.ConsoleProducer;
import org.apache.kafka.tools.consumer.ConsoleConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** What the README shows of other programs works as it stands there. */
@ExtendWith(SharedBroker.class)
class ReadmeExamplesTest {

  private static final Path README = Path.of(System.getProperty("basedir", "."), "../../README.md");
  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern CONSOLE =
      Pattern.compile("(?m)^(kafka-console-[a-z]+)\\.sh((?:.*\\\\\n)*.*)$");

  @TempDir Path directory;

  @Test
  void theConsumerInJavaNeedsTheJarOfSchemasAndKafkasClientAlone(Brokers brokers) throws Exception {
    Matcher block = JAVA.matcher(Files.readString(README));
    assertThat(block.find()).isTrue();
    Topic topic = Topic.create(brokers, "scores", 1);
    Path program =
        Files.writeString(
            directory.resolve("Scores.java"),
            block.group(1).replace("\"review-sentiments\"", "\"" + topic.name() + "\""));
    write(brokers, topic, score("r-1"));

    try (CommandProcess consumer =
        CommandProcess.start(
            directory,
            new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(
                    AvroMessages.class,
                    Schema.class,
                    KafkaProducer.class,
                    Logger.class,
                    JsonFactory.class,
                    ObjectMapper.class,
                    JsonInclude.class),
                program.toString(),
                brokers.address()))) {
      consumer.awaitOut("r-1 is positive");
    }
  }

  @Test
  void kafkasConsoleToolsWriteReviewsAndReadScores(Brokers brokers) throws Exception {
    String name = "console-" + UUID.randomUUID();
    Files.writeString(directory.resolve("reviews.jsonl"), "{\"text\": \"A great film.\"}\n");
    Path models = Files.createDirectory(directory.resolve("models"));
    TinyModel.write(models.resolve("1"));
    try (CommandProcess stream =
        CommandProcess.start(
            directory,
            "stream",
            "--set=kafka.bootstrap.servers=" + brokers.address(),
            "--set=kafka.application.id=" + name,
            "--set=valence.topic.reviews=" + name,
            "--set=valence.topic.sentiments=" + name + "-sentiments",
            "--set=valence.topic.dead.letters=" + name + "-dead-letters",
            "--set=valence.topic.control=" + name + "-control",
            "--set=valence.input.format=json",
            "--set=valence.output.format=json",
            "--set=valence.model.repository=" + models,
            "--set=valence.http.port=0")) {
      stream.awaitErr("with model tiny version 1;");

      console(ConsoleProducer.class, brokers, name);
      String scores =
          console(ConsoleConsumer.class, brokers, name, "--max-messages=1", "--timeout-ms=60000");

      assertThat(scores).contains("\"label\":\"positive\"").contains("\"modelName\":\"tiny\"");
    }
  }

  /** Runs the README's command of that tool, on topics of the test's own. */
  private String console(Class<?> tool, Brokers brokers, String name, String... more)
      throws Exception {
    String script =
        tool == ConsoleProducer.class ? "kafka-console-producer" : "kafka-console-consumer";
    List<String> words = new ArrayList<>(Arrays.asList(command(script).trim().split("\\s+")));
    int redirection = words.indexOf("<");
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            tool.getName());
    if (redirection >= 0) {
      command.redirectInput(directory.resolve(words.get(redirection + 1)).toFile());
      words = words.subList(0, redirection);
    }
    words.replaceAll(
        word ->
            switch (word) {
              case "localhost:9092" -> brokers.address();
              case "reviews" -> name;
              case "review-sentiments" -> name + "-sentiments";
              default -> word;
            });
    command.command().addAll(words);
    command.command().addAll(List.of(more));
    try (CommandProcess process = CommandProcess.start(directory, command)) {
      assertThat(process.exitCode()).as(process.err()).isZero();
      return process.out();
    }
  }

  private static String command(String script) throws IOException {
    return CONSOLE
        .matcher(Files.readString(README))
        .results()
        .filter(match -> match.group(1).equals(script))
        .map(match -> match.group(2).replace("\\\n", " "))
        .findFirst()
        .orElseThrow();
  }

  private static ReviewSentiment score(String id) {
    return ReviewSentiment.newBuilder()
        .setReviewId(id)
        .setLabel("positive")
        .setProbabilities(Map.of("positive", 1f))
        .setModelName("tiny")
        .setModelVersion(1)
        .setTokens(3)
        .setUnknownTokens(0)
        .setTruncated(false)
        .setScoredAt(Instant.parse("2026-01-02T03:04:05Z"))
        .build();
  }

  private static void write(Brokers brokers, Topic topic, ReviewSentiment score) throws Exception {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers.address()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      byte[] value = AvroMessages.sentiments().write(score);
      producer.send(new ProducerRecord<>(topic.name(), score.getReviewId(), value)).get();
    }
  }

  private static String classPath(Class<?>... classes) {
    return Stream.of(classes).map(ReadmeExamplesTest::home).collect(Collectors.joining(":"));
  }

  private static String home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
