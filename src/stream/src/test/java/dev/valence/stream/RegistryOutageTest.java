package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.TinyModel;
import dev.valence.schema.Review;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SchemaRegistry;
import dev.valence.stream.format.SentimentReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole processor while a real schema registry comes and goes. */
@ExtendWith(TestBroker.Extension.class)
class RegistryOutageTest {

  private static final int UNKNOWN_ID = 987_654;
  private static final String SUBJECT = "outage-value";
  private static final String LATER_SCHEMA =
      """
      {"type": "record", "name": "Review", "namespace": "dev.valence.schema", "fields": [
        {"name": "id", "type": "string"},
        {"name": "text", "type": "string"},
        {"name": "subject", "type": ["null", "string"]},
        {"name": "writtenAt", "type": ["null", "long"]},
        {"name": "language", "type": "string", "default": ""}]}
      """;

  private final TestBroker broker;
  private final int port;
  private final RegistryProcess registry;

  RegistryOutageTest(TestBroker broker, @TempDir Path data) throws IOException {
    this.broker = broker;
    this.port = RegistryProcess.freePort();
    this.registry = new RegistryProcess(port, data);
  }

  @Test
  void losesNothingAndBuriesOnlyWhatIsBad(@TempDir Path models) throws Exception {
    TinyModel.write(models.resolve("1"));
    ValenceConfig config =
        broker.config(
            "outage",
            models,
            Map.of(
                "valence.input.format", "avro-registry",
                "valence.output.format", "avro-registry",
                "valence.schema.registry.url", registry.url(),
                "valence.schema.registry.timeout.ms", "500",
                "kafka.consumer.session.timeout.ms", "6000"));
    registry.start();
    int firstId = registry.register(SUBJECT, Review.getClassSchema().toString());
    int laterId = registry.register(SUBJECT, LATER_SCHEMA);
    registry.kill();

    try (SentimentStream stream = TestBroker.start(config)) {
      broker.produce(records(config, 0, 40, firstId));
      try (ServerSocket broken = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"))) {
        // More than its two threads ask before they give up: others have taken over.
        for (int asked = 0; asked < 12; asked++) {
          broken.accept().close();
        }
      }
      assertThat(broker.readAll(config.sentimentsTopic())).isEmpty();
      assertThat(broker.readAll(config.deadLettersTopic())).isEmpty();

      registry.start();
      SentimentReader reader =
          new SentimentReader(new SchemaRegistry(registry.connection(), Duration.ofSeconds(10)));
      for (ConsumerRecord<byte[], byte[]> result : broker.read(config.sentimentsTopic(), 40)) {
        assertThat(reader.read(result.value()).getReviewId()).isEqualTo(TestBroker.key(result));
      }

      registry.kill();
      broker.produce(records(config, 40, 80, firstId));
      assertThat(broker.read(config.sentimentsTopic(), 80)).hasSize(80);
      broker.produce(withLanguage(records(config, 80, 120, laterId)));
      broker.produce(records(config, 120, 124, UNKNOWN_ID));
      broker.produce(records(config, 124, 128, firstId));
      try (ServerSocket broken = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"))) {
        broken.accept().close();
      }
      registry.start();
      broker.read(config.sentimentsTopic(), 124);
      broker.read(config.deadLettersTopic(), 4);
      assertThat(stream.state().isRunningOrRebalancing()).isTrue();
    } finally {
      registry.close();
    }

    assertThat(keys(broker.readAll(config.sentimentsTopic())))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 128)
                .filter(number -> number < 120 || number >= 124)
                .mapToObj(Integer::toString)
                .toList());
    assertThat(broker.readAll(config.deadLettersTopic()))
        .hasSize(4)
        .allSatisfy(
            letter ->
                assertThat(TestBroker.header(letter, "__streams.errors.message"))
                    .isEqualTo("the schema registry has no schema with id " + UNKNOWN_ID));
  }

  private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(TestBroker::key).toList();
  }

  /** The later schema has one field more, at the end. */
  private static List<ProducerRecord<byte[], byte[]>> withLanguage(
      List<ProducerRecord<byte[], byte[]>> records) {
    byte[] language = {4, 'e', 'n'};
    return records.stream()
        .map(
            record ->
                new ProducerRecord<>(
                    record.topic(),
                    record.partition(),
                    record.key(),
                    ByteBuffer.allocate(record.value().length + language.length)
                        .put(record.value())
                        .put(language)
                        .array()))
        .toList();
  }

  private static List<ProducerRecord<byte[], byte[]>> records(
      ValenceConfig config, int from, int to, int id) {
    ReviewFormat plain = ReviewFormat.named(ReviewFormat.AVRO);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int number = from; number < to; number++) {
      String key = Integer.toString(number);
      byte[] single = plain.write(new Review(key, "A good film.", null, null));
      ByteBuffer value = ByteBuffer.allocate(5 + single.length - 10);
      value.put((byte) 0).putInt(id).put(single, 10, single.length - 10);
      records.add(
          new ProducerRecord<>(
              config.reviewsTopic(), number % 4, key.getBytes(UTF_8), value.array()));
    }
    return records;
  }
}
