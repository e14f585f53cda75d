package dev.valence.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

class AvroMessagesTest {

  /** Of the scores that were written before there were explanations. */
  private static final long PREVIOUS_FINGERPRINT = -7413626706666587071L;

  private static final Review REVIEW =
      Review.newBuilder()
          .setId("r-1")
          .setText("Boils fast, pours badly. ☕")
          .setSubject("kettle")
          .setWrittenAt(Instant.parse("2026-03-01T12:30:00.250Z"))
          .build();

  private static final ReviewSentiment SENTIMENT =
      ReviewSentiment.newBuilder()
          .setReviewId("r-1")
          .setLabel("positive")
          .setProbabilities(Map.of("positive", 0.75f, "negative", 0.25f))
          .setModelName("valence")
          .setModelVersion(3)
          .setTokens(6)
          .setUnknownTokens(1)
          .setTruncated(false)
          .setScoredAt(Instant.parse("2026-03-01T12:30:01Z"))
          .build();

  private final AvroMessages<Review> reviews = AvroMessages.reviews();
  private final AvroMessages<ReviewSentiment> sentiments = AvroMessages.sentiments();

  @Test
  void readsWhatItWrote() throws IOException {
    Review bare = Review.newBuilder().setId("").setText("").build();

    assertThat(reviews.read(reviews.write(REVIEW))).isEqualTo(REVIEW);
    assertThat(reviews.read(reviews.write(bare))).isEqualTo(bare);
    assertThat(sentiments.read(sentiments.write(SENTIMENT))).isEqualTo(SENTIMENT);
  }

  @Test
  void readsAndIsReadByAvrosOwnSingleObjectCodec() throws IOException {
    GenericRecord generic = new GenericData.Record(Review.getClassSchema());
    generic.put("id", "r-2");
    generic.put("text", "Fine.");
    byte[] foreign =
        new BinaryMessageEncoder<GenericRecord>(GenericData.get(), Review.getClassSchema())
            .encode(generic)
            .array();

    assertThat(reviews.read(foreign).getText()).isEqualTo("Fine.");
    assertThat(
            new BinaryMessageDecoder<GenericRecord>(GenericData.get(), Review.getClassSchema())
                .decode(reviews.write(REVIEW))
                .get("text")
                .toString())
        .isEqualTo(REVIEW.getText());
  }

  @Test
  void readsMessagesOfAnOlderAndOfANewerSchema() throws IOException {
    Schema older =
        SchemaBuilder.record("Review")
            .namespace("dev.valence.schema")
            .fields()
            .requiredString("id")
            .requiredString("text")
            .endRecord();
    Schema newer =
        SchemaBuilder.record("Review")
            .namespace("dev.valence.schema")
            .fields()
            .requiredString("id")
            .requiredString("text")
            .optionalString("subject")
            .optionalString("language")
            .endRecord();

    AvroMessages<Review> both = reviews.alsoWrittenWith(older, newer);

    assertThat(both.read(written(older))).isEqualTo(new Review("r-3", "Old but good.", null, null));
    assertThat(both.read(written(newer))).isEqualTo(new Review("r-3", "Old but good.", null, null));
  }

  @Test
  void writesScoresWithoutExplanationForReadersFromBeforeThereWereAny() throws IOException {
    byte[] message = sentiments.write(SENTIMENT);

    GenericRecord read =
        new BinaryMessageDecoder<GenericRecord>(GenericData.get(), previous()).decode(message);

    assertThat(read.get("label")).hasToString("positive");
    assertThat(read.get("scoredAt")).isEqualTo(SENTIMENT.getScoredAt().toEpochMilli());
    assertThat(read.getSchema().getField("explanation")).isNull();
    assertThat(sentiments.read(message)).isEqualTo(SENTIMENT);
  }

  @Test
  void readersFromBeforeThereWereExplanationsPassOverThem() throws IOException {
    ReviewSentiment explained =
        ReviewSentiment.newBuilder(SENTIMENT)
            .setExplanation(List.of(new WordWeight("fast", 6, 10, 1.5f)))
            .build();
    byte[] message = sentiments.write(explained);
    BinaryMessageDecoder<GenericRecord> told =
        new BinaryMessageDecoder<>(GenericData.get(), previous());
    told.addSchema(ReviewSentiment.getClassSchema());

    assertThat(told.decode(message).get("label")).hasToString("positive");
    assertThat(sentiments.read(message)).isEqualTo(explained);
  }

  @Test
  void schemasOfScoresFitEachOtherBothWays() throws IOException {
    Schema now = ReviewSentiment.getClassSchema();

    assertThat(SchemaCompatibility.checkReaderWriterCompatibility(previous(), now).getType())
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    assertThat(SchemaCompatibility.checkReaderWriterCompatibility(now, previous()).getType())
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }

  @Test
  void refusesAnUnknownSchemaAndNamesIt() {
    Schema stranger = SchemaBuilder.record("Invoice").fields().requiredString("id").endRecord();
    GenericRecord invoice = new GenericData.Record(stranger);
    invoice.put("id", "1");

    assertThatThrownBy(() -> reviews.read(encoded(stranger, invoice)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("written with an unknown Avro schema: fingerprint ");
  }

  @Test
  void refusesPlainTextAndTrailingBytes() {
    byte[] message = reviews.write(REVIEW);

    assertThatThrownBy(() -> reviews.read("A fine kettle.".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("not an Avro single-object message: it does not begin with C3 01");
    assertThatThrownBy(() -> reviews.read(Arrays.copyOf(message, message.length + 1)))
        .hasMessage("bytes follow the Review in the message");
  }

  @Test
  void refusesALengthBeyondTheMessageWithoutAllocatingIt() {
    byte[] message = Arrays.copyOf(reviews.write(REVIEW), 15);
    byte[] almostTwoGigabytes = {(byte) 0xEE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};
    System.arraycopy(almostTwoGigabytes, 0, message, 10, almostTwoGigabytes.length);

    assertThatThrownBy(() -> reviews.read(message))
        .isInstanceOf(IOException.class)
        .hasMessage("the message ends within the Review")
        .cause()
        .hasMessageContaining("bytes are available");
  }

  @Test
  void refusesAStringThatIsNotUtf8() {
    byte[] message = reviews.write(REVIEW);
    int text = new String(message, StandardCharsets.ISO_8859_1).indexOf("Boils");
    message[text] = (byte) 0xFF;

    assertThatThrownBy(() -> reviews.read(message))
        .hasMessage("the message has a string that is not UTF-8");
  }

  @Property(tries = 500)
  void refusesEveryTruncation(@ForAll @IntRange(max = 1_000) int length) {
    byte[] message = reviews.write(REVIEW);

    assertThatThrownBy(() -> reviews.read(Arrays.copyOf(message, length % message.length)))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(".*(ends within the Review|does not begin with C3 01)");
  }

  @Property(tries = 1_000)
  void answersAnyBytesWithARecordOrAnIoException(@ForAll byte[] body) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.write(reviews.write(REVIEW), 0, 10);
    message.writeBytes(body);

    try {
      assertThat(reviews.read(message.toByteArray()).getText()).isNotNull();
    } catch (IOException e) {
      assertThat(e).hasMessageNotContaining("\n");
    }
  }

  /** As released before there were explanations, and known by its fingerprint. */
  private static Schema previous() throws IOException {
    try (InputStream in = AvroMessagesTest.class.getResourceAsStream("ReviewSentiment-1.avsc")) {
      Schema schema = new Schema.Parser().parse(in);
      assertThat(SchemaNormalization.parsingFingerprint64(schema)).isEqualTo(PREVIOUS_FINGERPRINT);
      return schema;
    }
  }

  private static byte[] written(Schema schema) throws IOException {
    GenericRecord review = new GenericData.Record(schema);
    review.put("id", "r-3");
    review.put("text", "Old but good.");
    return encoded(schema, review);
  }

  private static byte[] encoded(Schema schema, GenericRecord message) throws IOException {
    return new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema)
        .encode(message)
        .array();
  }
}
