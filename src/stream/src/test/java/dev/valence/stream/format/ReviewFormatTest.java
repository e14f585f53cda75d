package dev.valence.stream.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.schema.Review;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewFormatTest {

  private static final Review FULL =
      new Review(
          "r-1", "Très bon.\n\"Really\" 🙂", "kettle", Instant.ofEpochMilli(1_700_000_000_123L));

  private final ReviewFormat json = ReviewFormat.named("json");
  private final ReviewFormat text = ReviewFormat.named("text");

  @ParameterizedTest
  @ValueSource(strings = {"avro", "json"})
  void readsWhatItWrote(String name) throws UnreadableRecordException {
    ReviewFormat format = ReviewFormat.named(name);
    Review bare = new Review("", "", null, null);

    assertThat(format.read(format.write(FULL))).isEqualTo(FULL);
    assertThat(format.read(format.write(bare))).isEqualTo(bare);
  }

  @Test
  void textIsTheReviewAlone() throws UnreadableRecordException {
    assertThat(text.write(FULL)).isEqualTo(FULL.getText().getBytes(UTF_8));
    assertThat(text.read(FULL.getText().getBytes(UTF_8)))
        .isEqualTo(new Review("", FULL.getText(), null, null));
  }

  @Test
  void jsonNeedsNothingButText() throws UnreadableRecordException {
    assertThat(json.read("{\"text\":\"Good.\",\"id\":null,\"stars\":[5]}".getBytes(UTF_8)))
        .isEqualTo(new Review("", "Good.", null, null));
  }

  @Test
  void jsonTakesItsFieldsFromElsewhere() throws UnreadableRecordException {
    ReviewFormat other =
        ReviewFormat.json(new JsonFields("/payload/body", "nr", "/payload/on~1off", "at"));

    assertThat(
            other.read(
                "{\"payload\":{\"body\":\"Good.\",\"on/off\":\"kettle\"},\"nr\":7,\"at\":0}"
                    .getBytes(UTF_8)))
        .isEqualTo(new Review("7", "Good.", "kettle", Instant.EPOCH));
    assertThatThrownBy(() -> other.read("{\"text\":\"Good.\"}".getBytes(UTF_8)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessage("the JSON object has no field \"/payload/body\" with a string");
  }

  @Test
  void jsonTakesNumbersAsIdAndTimesWithOffsetOrInMilliseconds() throws UnreadableRecordException {
    Instant noon = Instant.parse("2026-05-01T12:00:00Z");

    assertThat(
            json.read(
                "{\"id\":12345678901234567890,\"text\":\"\",\"writtenAt\":\"2026-05-01T14:00:00+02:00\"}"
                    .getBytes(UTF_8)))
        .isEqualTo(new Review("12345678901234567890", "", null, noon));
    assertThat(
            json.read(
                    "{\"text\":\"\",\"writtenAt\":%d}"
                        .formatted(noon.toEpochMilli())
                        .getBytes(UTF_8))
                .getWrittenAt())
        .isEqualTo(noon);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"text\":\"cut of; not JSON: Unexpected end-of-input",
        "{\"text\":\"one\"} {\"text\":\"two\"}; not JSON: Trailing token",
        "plain words; not JSON: Unrecognized token 'plain'",
        "[\"text\"]; not a JSON object but ARRAY",
        "``; not a JSON object but MISSING",
        "null; not a JSON object but NULL",
        "{\"body\":\"Good.\"}; the JSON object has no field \"text\" with a string",
        "{\"text\":null}; the JSON object has no field \"text\" with a string",
        "{\"text\":[\"Good.\"]}; the JSON object has no field \"text\" with a string",
        "{\"text\":\"\",\"id\":{}}; the field \"id\" is not a string: OBJECT",
        "{\"text\":\"\",\"subject\":7}; the field \"subject\" is not a string: NUMBER",
        "{\"text\":\"\",\"writtenAt\":\"noon\"}; the field \"writtenAt\" is not a time: \"noon\"",
        "{\"text\":\"\",\"writtenAt\":\"+300000000-01-01T00:00:00Z\"}; the field \"writtenAt\" is not a time"
      })
  void jsonRefusesWhatIsNotOneReview(String value, String reason) {
    assertThatThrownBy(() -> json.read(value.getBytes(UTF_8)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageStartingWith(reason)
        .hasMessageNotContaining("\n");
  }

  /** A record of 16 MB has to be refused before the group believes its reader dead. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void jsonRefusesAMillionBlanksAtOnce() {
    String late = "{\"text\":\"\",\"writtenAt\":\"" + " ".repeat(4_000_000) + "late\"}";

    assertThatThrownBy(() -> json.read(late.getBytes(UTF_8)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageStartingWith("the field \"writtenAt\" is not a time: \"  ")
        .message()
        .hasSizeLessThan(400);
    assertThat(new UnreadableRecordException(" ".repeat(4_000_000) + "a\n b")).hasMessage("a b");
    assertThat(new UnreadableRecordException("a" + " ".repeat(4_000_000) + "b").getMessage())
        .hasSize(4_000_002);
  }

  @Test
  void jsonRefusesNestingThatWouldExhaustTheStack() {
    String deep = "{\"text\":" + "[".repeat(100_000);

    assertThatThrownBy(() -> json.read(deep.getBytes(UTF_8)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("nesting depth");
  }

  @Test
  void jsonWritesToWhereItReads() throws UnreadableRecordException {
    ReviewFormat elsewhere =
        ReviewFormat.json(new JsonFields("/payload/body", "nr", "/payload/about/0", "/at"));
    Review review = new Review("r-1", "Good.", "film", Instant.parse("2026-05-01T12:00:00.250Z"));

    byte[] value = elsewhere.write(review);

    assertThat(new String(value, UTF_8))
        .isEqualTo(
            "{\"nr\":\"r-1\",\"payload\":{\"body\":\"Good.\",\"about\":{\"0\":\"film\"}},"
                + "\"at\":\"2026-05-01T12:00:00.250Z\"}");
    assertThat(elsewhere.read(value)).isEqualTo(review);
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] latin1 = {'d', 'i', 's', (byte) 0xE9};

    assertThatThrownBy(() -> text.read(latin1))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageStartingWith("not text in UTF-8: ");
    assertThatThrownBy(
            () ->
                json.read(
                    "{\"text\":\"\u00e9\"}".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageStartingWith("not JSON");
  }

  @Test
  void namesTheFormatsItHas() {
    assertThatThrownBy(() -> ReviewFormat.named("xml"))
        .hasMessage("no format of reviews is called xml: take one of [avro, json, text]");
  }

  @Property(tries = 200)
  void everyFormatKeepsEveryText(@ForAll @CharRange(from = 0, to = 0xD7FF) String content)
      throws UnreadableRecordException {
    Review review = new Review("", content, null, null);

    for (String name : ReviewFormat.NAMES) {
      ReviewFormat format = ReviewFormat.named(name);
      assertThat(format.read(format.write(review))).isEqualTo(review);
    }
  }
}
