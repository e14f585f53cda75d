package dev.valence.stream.format;

import dev.valence.schema.ReviewSentiment;
import java.util.List;

/** Turns a score into the value of a record, and back. Safe for use by many threads. */
public sealed interface SentimentFormat permits AvroSentiments, JsonSentiments {

  /** Avro's single-object encoding of {@link ReviewSentiment}. */
  String AVRO = "avro";

  /**
   * A JSON object with the field names of {@link ReviewSentiment}; {@code scoredAt} is ISO 8601.
   */
  String JSON = "json";

  /** Names of all formats. */
  List<String> NAMES = List.of(AVRO, JSON);

  /**
   * The format of that name.
   *
   * @throws IllegalArgumentException if it is none of {@link #NAMES}
   */
  static SentimentFormat named(String name) {
    return switch (name) {
      case AVRO -> new AvroSentiments();
      case JSON -> new JsonSentiments();
      default ->
          throw new IllegalArgumentException(
              "no format of scores is called " + name + ": take one of " + NAMES);
    };
  }

  /** The value of a record that holds this score. */
  byte[] write(ReviewSentiment sentiment);

  /**
   * Reads one score.
   *
   * @param value value of a record, not null
   * @throws UnreadableRecordException if the bytes are not one whole score
   */
  ReviewSentiment read(byte[] value) throws UnreadableRecordException;
}
