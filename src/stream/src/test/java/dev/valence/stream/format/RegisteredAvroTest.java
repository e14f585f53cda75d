package dev.valence.stream.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.schema.AvroMessages;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.schema.WordWeight;
import dev.valence.stream.RegistryProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The format against a real registry. */
@ExtendWith(RegistryProcess.Extension.class)
class RegisteredAvroTest {

  private static final Review REVIEW =
      new Review("r-1", "Très bon. 🙂", "kettle", Instant.ofEpochMilli(1_700_000_000_123L));
  private static final ReviewSentiment SENTIMENT =
      ReviewSentiment.newBuilder()
          .setReviewId("r-1")
          .setLabel("positive")
          .setProbabilities(Map.of("positive", 1f))
          .setModelName("imdb")
          .setModelVersion(7)
          .setTokens(12)
          .setUnknownTokens(1)
          .setTruncated(false)
          .setScoredAt(Instant.parse("2026-05-01T12:00:00.250Z"))
          .build();

  private final RegistryProcess registry;

  RegisteredAvroTest(RegistryProcess registry) {
    this.registry = registry;
  }

  @Test
  void writesAZeroByteAndTheIdThatEveryToolFindsTheSchemaUnder() throws Exception {
    byte[] value = sentiments(registry.connection(), "every-tool").write(SENTIMENT);

    assertThat(value[0]).isZero();
    int id = ByteBuffer.wrap(value).getInt(1);
    String answer = registry.get("/apis/ccompat/v7/schemas/ids/" + id);
    Schema schema =
        new Schema.Parser().parse(new ObjectMapper().readTree(answer).get("schema").asText());
    GenericRecord read =
        new GenericDatumReader<GenericRecord>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));
    assertThat(read.get("reviewId")).hasToString("r-1");
    assertThat(read.get("modelVersion")).isEqualTo(7L);
    assertThat(registry.get("/apis/ccompat/v7/subjects")).contains("\"every-tool-value\"");
  }

  @Test
  void readsWhatItWroteThroughOtherConnections() throws Exception {
    byte[] review = reviews().write(REVIEW);
    byte[] sentiment = sentiments(registry.connection(), "other").write(SENTIMENT);

    assertThat(reviews().read(review)).isEqualTo(REVIEW);
    assertThat(new SentimentReader(schemas(registry.connection())).read(sentiment))
        .isEqualTo(SENTIMENT);
    assertThat(reviews().read(AvroMessages.reviews().write(REVIEW))).isEqualTo(REVIEW);
  }

  @Test
  void readsSchemasThatHaveFieldsMoreOrLess() throws Exception {
    Schema other =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Review", "namespace": "dev.valence.schema", "fields": [
                  {"name": "stars", "type": "int"},
                  {"name": "text", "type": "string"},
                  {"name": "id", "type": "string"}]}
                """);
    GenericRecord record = new GenericData.Record(other);
    record.put("stars", 5);
    record.put("text", "Good.");
    record.put("id", "7");
    int id = registry.register("more-or-less", other.toString());

    assertThat(reviews().read(registered(id, other, record)))
        .isEqualTo(new Review("7", "Good.", null, null));
  }

  @Test
  void consumersFromBeforeThereWereExplanationsFindWhatTheyKnow() throws Exception {
    Schema previous;
    try (InputStream in = Review.class.getResourceAsStream("ReviewSentiment-1.avsc")) {
      previous = new Schema.Parser().parse(in);
    }
    int before = registry.register("evolving-value", previous.toString());
    ReviewSentiment explained =
        ReviewSentiment.newBuilder(SENTIMENT)
            .setExplanation(List.of(new WordWeight("bon", 5, 8, 2f)))
            .build();

    byte[] value = sentiments(registry.connection(), "evolving").write(explained);

    int id = ByteBuffer.wrap(value).getInt(1);
    assertThat(id).isNotEqualTo(before);
    String answer = registry.get("/apis/ccompat/v7/schemas/ids/" + id);
    Schema written =
        new Schema.Parser().parse(new ObjectMapper().readTree(answer).get("schema").asText());
    GenericRecord read =
        new GenericDatumReader<GenericRecord>(written, previous)
            .read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));
    assertThat(read.get("label")).hasToString("positive");
    assertThat(new SentimentReader(schemas(registry.connection())).read(value))
        .isEqualTo(explained);
  }

  @Test
  void refusesWhatTheRegistryDoesNotKnowOrCannotBeAReview() throws Exception {
    Schema number = new Schema.Parser().parse("{\"type\": \"long\"}");
    Schema without =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Review", "namespace": "dev.valence.schema", "fields": [
                  {"name": "body", "type": "string"}]}
                """);
    GenericRecord record = new GenericData.Record(without);
    record.put("body", "Good.");
    byte[] sound = reviews().write(REVIEW);

    assertRefused(
        registered(987_654, number, 1L), "the schema registry has no schema with id 987654");
    assertRefused(
        registered(987_654, number, 1L), "the schema registry has no schema with id 987654");
    assertRefused(
        registered(registry.register("number", number.toString()), number, 1L),
        "not a Review in Avro: Found long, expecting dev.valence.schema.Review");
    assertRefused(
        registered(registry.register("without", without.toString()), without, record),
        "not a Review in Avro: ");
    assertRefused(Arrays.copyOf(sound, sound.length - 1), "the message ends within the Review");
    assertRefused(Arrays.copyOf(sound, sound.length + 1), "bytes follow the Review");
    assertRefused(new byte[] {0, 0, 0}, "not Avro of a schema registry");
    assertRefused("plain words".getBytes(), "not Avro of a schema registry");
    assertThatThrownBy(() -> new SentimentReader().read(sound))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessage("its schema is in a schema registry: say in which");
  }

  @Test
  void doesNotTakeAMuteOrBrokenRegistryForABadRecord() throws Exception {
    byte[] sound = reviews().write(REVIEW);
    try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
      RegistryConnection connection = connection("http://127.0.0.1:" + mute.getLocalPort());

      assertUnavailable(connection, sound, "no answer in time");
    }
    assertUnavailable(connection("http://127.0.0.1:" + RegistryProcess.freePort()), sound, "");
    // A gateway's own 404 is no word of the registry.
    assertUnavailable(connection(registry.url() + "/nothing"), sound, "");
  }

  @Test
  void saysWhyTheRegistryWillNotHaveTheSchema() throws Exception {
    RegistryConnection reader = new RegistryConnection(registry.url(), "", "", false);

    assertThatThrownBy(() -> sentiments(reader, "not-there").write(SENTIMENT))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContaining("Register it as not-there-value there");
    int id = registry.register("there-value", ReviewSentiment.getClassSchema().toString());
    assertThat(ByteBuffer.wrap(sentiments(reader, "there").write(SENTIMENT)).getInt(1))
        .isEqualTo(id);
  }

  private void assertRefused(byte[] value, String message) {
    assertThatThrownBy(() -> reviews().read(value))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageStartingWith(message);
  }

  private static void assertUnavailable(
      RegistryConnection connection, byte[] value, String reason) {
    ReviewFormat format =
        ReviewFormat.registered(new SchemaRegistry(connection, Duration.ofMillis(300)), "reviews");
    assertThatThrownBy(() -> format.read(value))
        .isInstanceOf(SchemaRegistryUnavailableException.class)
        .hasMessageStartingWith("the schema registry at " + connection.url() + " was asked for")
        .hasMessageContaining(reason);
  }

  private ReviewFormat reviews() {
    return ReviewFormat.registered(schemas(registry.connection()), "reviews");
  }

  private static RegistryConnection connection(String url) {
    return new RegistryConnection(url, "", "", true);
  }

  private static SentimentFormat sentiments(RegistryConnection connection, String topic) {
    return SentimentFormat.registered(schemas(connection), topic);
  }

  private static SchemaRegistry schemas(RegistryConnection connection) {
    return new SchemaRegistry(connection, Duration.ofSeconds(10));
  }

  private static byte[] registered(int id, Schema schema, Object datum) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<>(schema).write(datum, encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
