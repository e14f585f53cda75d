package dev.valence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.class)
class ReplayCommandTest {
  /** Not so old that Kafka, which keeps records for a week, may delete them meanwhile. */
  private static final long WRITTEN = System.currentTimeMillis() - 3_600_000;

  private static final String UNREADABLE = "dev.valence.stream.format.UnreadableRecordException";
  private static final String UNSCORABLE = "dev.valence.stream.UnscorableReviewException";

  private final Brokers brokers;
  private Topic reviews;
  private Topic letters;

  ReplayCommandTest(Brokers brokers) {
    this.brokers = brokers;
  }

  @BeforeEach
  void createTopics() throws Exception {
    reviews = Topic.create(brokers, "replayed", 3);
    letters = Topic.create(brokers, "letters", 2);
  }

  @Test
  void sendsLettersBackAsTheyWereAndOnlyOnce() {
    write(0, letter("k", "broken", UNREADABLE, 2, 41));

    Invocation first = replay();
    Invocation second = replay();

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.errLines())
        .containsExactly("sent back 1 dead letters of " + letters.name() + ", passed over 0");
    assertThat(second.errLines())
        .containsExactly("sent back 0 dead letters of " + letters.name() + ", passed over 0");
    assertThat(reviews.records())
        .singleElement()
        .satisfies(
            review -> {
              assertThat(review.key()).isEqualTo("k");
              assertThat(review.value()).isEqualTo("broken".getBytes(UTF_8));
              assertThat(review.partition()).isEqualTo(2);
              assertThat(review.timestamp()).isEqualTo(WRITTEN);
              assertThat(review.headers())
                  .singleElement()
                  .satisfies(
                      header -> {
                        assertThat(header.key()).isEqualTo("trace");
                        assertThat(header.value()).isEqualTo(new byte[] {7});
                      });
            });
  }

  @Test
  void choosesByReasonAndRemembersEachReasonByItself() {
    write(0, letter("a", "x", UNREADABLE, 0, 1));
    write(0, letter("b", "x", UNSCORABLE, 0, 2));
    write(1, letter("c", "x", UNREADABLE, 0, 3));

    Invocation unscorable = replay("--reason", "unscorable");
    assertThat(unscorable.errLines())
        .containsExactly("sent back 1 dead letters of " + letters.name() + ", passed over 2");
    assertThat(keys()).containsExactly("b");

    replay("--reason", "unreadable");
    assertThat(keys()).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void sendsNoLetterTwiceThatItSentForItsReasonOrForAll() {
    write(0, letter("a", "x", UNREADABLE, 0, 1));
    write(0, letter("b", "x", UNSCORABLE, 0, 2));
    replay("--reason", "unreadable");

    assertThat(replay().errLines())
        .containsExactly("sent back 1 dead letters of " + letters.name() + ", passed over 1");
    write(0, letter("c", "x", UNSCORABLE, 0, 3));
    assertThat(replay("--reason", "unscorable", "--dry-run").err()).startsWith("would send back 1");
    assertThat(replay("--reason", "unscorable").errLines())
        .containsExactly("sent back 1 dead letters of " + letters.name() + ", passed over 2");

    assertThat(replay().err()).startsWith("sent back 0 ");
    assertThat(keys()).containsExactlyInAnyOrder("a", "b", "c");
    replay("--group", "another");
    assertThat(keys()).hasSize(6);
  }

  @Test
  void goesOnBehindTheLastLetterThatItSent() {
    IntStream.range(0, 5).forEach(n -> write(0, letter("k" + n, "x", UNREADABLE, 0, n)));

    replay("--max", "2");
    assertThat(keys()).containsExactly("k0", "k1");

    replay();
    assertThat(keys()).containsExactly("k0", "k1", "k2", "k3", "k4");
  }

  @Test
  void showsWhatItWouldSend() {
    write(0, letter("a", "x", UNREADABLE, 1, 17));

    Invocation dry = replay("--dry-run");

    assertThat(dry.outLines())
        .containsExactly(reviews.name() + "-1 at offset 17: unreadable: it is \ufffd[2Jbad");
    assertThat(dry.errLines())
        .containsExactly("would send back 1 dead letters of " + letters.name() + ", passed over 0");
    assertThat(keys()).isEmpty();
    assertThat(replay().err()).startsWith("sent back 1 ");
  }

  /** What kill -9 leaves: letters sent and offsets noted in a transaction that nobody commits. */
  @Test
  void sendsNothingTwiceAfterAnotherWasKilledInItsMidst() {
    IntStream.range(0, 3).forEach(n -> write(0, letter("k" + n, "x", UNREADABLE, 0, n)));
    String group = "valence-replay-" + letters.name();
    KafkaProducer<String, byte[]> killed =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers.address(), "transactional.id", group),
            new StringSerializer(),
            new ByteArraySerializer());
    KafkaConsumer<String, byte[]> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", brokers.address(), "group.id", group),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    killed.initTransactions();
    killed.beginTransaction();
    killed.send(new ProducerRecord<>(reviews.name(), 0, "k0", "x".getBytes(UTF_8)));
    killed.sendOffsetsToTransaction(
        Map.of(new TopicPartition(letters.name(), 0), new OffsetAndMetadata(1)),
        reader.groupMetadata());
    killed.flush();

    Invocation run = replay();

    assertThat(run.errLines())
        .containsExactly("sent back 3 dead letters of " + letters.name() + ", passed over 0");
    assertThat(keys()).containsExactly("k0", "k1", "k2");
    killed.close(Duration.ZERO);
    reader.close();
  }

  @Test
  void namesWhatIsNoDeadLetter() {
    write(1, new ProducerRecord<>(letters.name(), 1, "x", new byte[0]));

    Invocation run = replay();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .first()
        .asString()
        .isEqualTo(
            letters.name()
                + "-1 at offset 0 is not a dead letter: its headers do not say where it came from");
  }

  @Test
  void makesNoTopicForALetterWhoseOwnIsGone() {
    ProducerRecord<String, byte[]> letter = letter("a", "x", UNREADABLE, 0, 1);
    letter.headers().remove("__streams.errors.topic");
    letter.headers().add("__streams.errors.topic", "gone".getBytes(UTF_8));
    write(0, letter);

    for (int again = 0; again < 2; again++) {
      Invocation run = replay();

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.errLines())
          .singleElement()
          .asString()
          .contains(letters.name() + "-0 at offset 0 came from the topic gone, which is gone");
    }
  }

  @Test
  void saysThatThereIsNoSuchTopic() {
    Invocation run =
        Invocation.of("", "replay", "--bootstrap-server", brokers.address(), "--topic", "nowhere");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .containsExactly(
            "valence replay: no topic nowhere at "
                + brokers.address()
                + ". Name the topic of dead letters with --topic.");
  }

  @Test
  void refusesWrongUsage() {
    assertThat(Invocation.of("", "replay", "--max", "0").exitCode()).isEqualTo(2);
    assertThat(Invocation.of("", "replay", "--reason", "boring").exitCode()).isEqualTo(2);
  }

  private ProducerRecord<String, byte[]> letter(
      String key, String value, String exception, int partition, long offset) {
    ProducerRecord<String, byte[]> letter =
        new ProducerRecord<>(letters.name(), null, WRITTEN, key, value.getBytes(UTF_8));
    Headers headers = letter.headers().add("trace", new byte[] {7});
    headers.add("__streams.errors.exception", exception.getBytes(UTF_8));
    headers.add("__streams.errors.message", "it is \u001b[2Jbad".getBytes(UTF_8));
    headers.add("__streams.errors.topic", reviews.name().getBytes(UTF_8));
    headers.add("__streams.errors.partition", Integer.toString(partition).getBytes(UTF_8));
    headers.add("__streams.errors.offset", Long.toString(offset).getBytes(UTF_8));
    return letter;
  }

  private void write(int partition, ProducerRecord<String, byte[]> letter) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers.address()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.send(
          new ProducerRecord<>(
              letter.topic(),
              partition,
              letter.timestamp(),
              letter.key(),
              letter.value(),
              letter.headers()));
    }
  }

  private List<String> keys() {
    return reviews.byPartition(true).values().stream()
        .flatMap(List::stream)
        .map(ConsumerRecord::key)
        .toList();
  }

  private Invocation replay(String... more) {
    String[] arguments = new String[more.length + 5];
    arguments[0] = "replay";
    arguments[1] = "--bootstrap-server";
    arguments[2] = brokers.address();
    arguments[3] = "--topic";
    arguments[4] = letters.name();
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Invocation.of("", arguments);
  }
}
