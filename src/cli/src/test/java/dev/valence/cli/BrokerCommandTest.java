package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.schema.Review;
import dev.valence.stream.format.ReviewFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerCommandTest {
  private static final Pattern DATA = Pattern.compile("data in (\\S+)");

  @TempDir Path directory;

  @Test
  void keepsItsDataForTheNextRun() throws Exception {
    Path data = directory.resolve("data");
    try (BrokerProcess broker = start("--data-dir", data.toString())) {
      Topic.create(broker.brokers(), "early", 1);
      publish(broker.brokers(), "reviews", "a", "b");
    }
    try (BrokerProcess broker = start("--data-dir", data.toString())) {
      publish(broker.brokers(), "reviews", "c");

      assertThat(Topic.named(broker.brokers(), "reviews").records())
          .extracting(ConsumerRecord::key)
          .containsExactlyInAnyOrder("a", "b", "c");
      assertDirectoryIsTaken(data);
    }
  }

  @Test
  void startsWhereAFullDiskKeptItFromFormatting() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    Files.createFile(data.resolve("meta.properties"));
    Files.createFile(data.resolve("bootstrap.checkpoint"));

    try (BrokerProcess broker = start("--data-dir", data.toString())) {
      publish(broker.brokers(), "reviews", "a");
    }
  }

  private void assertDirectoryIsTaken(Path data) {
    Invocation second = Invocation.of("", "broker", "--port", "0", "--data-dir", data.toString());

    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.errLines())
        .containsExactly(
            "valence broker: another broker uses the data directory %s. Stop it, or name another directory."
                .formatted(data));
  }

  @Test
  void removesItsTemporaryDataWhenItIsTerminatedWhileItStarts() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    ProcessBuilder command =
        new ChildJvm("-Xmx512m", "-Djava.io.tmpdir=" + temporary).command("broker", "--port", "0");

    try (CommandProcess broker = CommandProcess.start(directory, command)) {
      while (dataIn(temporary).isEmpty()) {
        assertThat(broker.process().waitFor(10, TimeUnit.MILLISECONDS)).isFalse();
      }
      broker.terminate();
      broker.exitCode();
      assertThat(broker.err()).doesNotContain("\tat ");
    }

    assertThat(dataIn(temporary)).isEmpty();
  }

  /** What brokers have written into their directories. */
  private static List<Path> dataIn(Path temporary) throws IOException {
    try (Stream<Path> files = Files.find(temporary, 2, (path, facts) -> facts.isRegularFile())) {
      return files.filter(file -> file.toString().contains("valence-broker-")).toList();
    }
  }

  @Test
  void removesItsTemporaryDataWhenItIsTerminated() throws Exception {
    try (CommandProcess broker = CommandProcess.start(directory, "broker", "--port", "0")) {
      broker.awaitErr(BrokerCommand.READY);
      Matcher line = DATA.matcher(broker.err());
      assertThat(line.find()).isTrue();
      Path data = Path.of(line.group(1));
      assertThat(data).isDirectory();

      broker.terminate();
      broker.exitCode();

      assertThat(data).doesNotExist();
      assertThat(broker.err()).doesNotContain("\tat ");
    }
  }

  @Test
  void refusesAPortInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());

      Invocation run = Invocation.of("", "broker", "--port", port);

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.errLines())
          .containsExactly(
              "valence broker: port %s is in use. Stop what listens there, or choose another with --port."
                  .formatted(port));
    }
  }

  @Test
  void refusesADirectoryThatItCannotUse() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "in the way");
    Files.writeString(directory.resolve("diary.txt"), "Dear diary");

    assertThat(withData(file).errLines())
        .containsExactly(
            "valence broker: the data directory is a file: " + file + ". Name a directory.");
    assertThat(withData(file.resolve("below")).errLines())
        .containsExactly(
            "valence broker: cannot write to the data directory "
                + file.resolve("below")
                + ": Not a directory. Name another.");
    assertThat(withData(directory).errLines())
        .containsExactly(
            "valence broker: not a broker's data directory: %s holds other files. Name an empty or a new directory."
                .formatted(directory));
  }

  @Test
  void refusesWrongUsage() {
    assertThat(Invocation.of("", "broker", "--port", "65536").errLines())
        .containsExactly(
            "valence broker: Invalid value for option '--port': 65536 is not from 0 to 65535."
                + " See 'valence broker --help'.");
    assertThat(Invocation.of("", "broker", "--port", "x").exitCode()).isEqualTo(2);
    assertThat(Invocation.of("", "broker", "extra").exitCode()).isEqualTo(2);
  }

  private static Invocation withData(Path data) {
    Invocation run = Invocation.of("", "broker", "--port", "0", "--data-dir", data.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    return run;
  }

  private BrokerProcess start(String... arguments) throws Exception {
    return BrokerProcess.start(new PrintWriter(System.err, true), arguments);
  }

  private static void publish(Brokers brokers, String topic, String... ids) {
    try (ReviewPublisher publisher =
        new ReviewPublisher(brokers, topic, ReviewFormat.named(ReviewFormat.AVRO))) {
      for (String id : ids) {
        publisher.send(Review.newBuilder().setId(id).setText("good").build());
      }
      publisher.flush();
    }
  }
}
