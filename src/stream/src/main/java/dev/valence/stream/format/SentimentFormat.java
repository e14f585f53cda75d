package dev.valence.stream.format;

import dev.valence.schema.ReviewSentiment;
import java.util.List;
import java.util.Optional;

/** Turns a score into the value of a record, and back. Safe for use by many threads. */
public sealed interface SentimentFormat extends AutoCloseable
    permits AvroSentiments, JsonSentiments, RegisteredSentiments {

  /** Avro's single-object encoding of {@link ReviewSentiment}. */
  String AVRO = "avro";

  /**
   * A JSON object with the field names of {@link ReviewSentiment}; {@code scoredAt} is ISO 8601.
   */
  String JSON = "json";

  /** Avro whose schema is in a schema registry, behind a zero byte and the schema's id. */
  String REGISTERED = "avro-registry";

  /** Names of the formats that need nothing else. */
  List<String> NAMES = List.of(AVRO, JSON);

  /**
   * The format of that name.
   *
   * @throws IllegalArgumentException if it is none of {@link #NAMES}
   */
  static SentimentFormat named(String name) {
    return switch (name) {
      case AVRO -> new AvroSentiments();
      case JSON -> new JsonSentiments(Optional.empty());
      default ->
          throw new IllegalArgumentException(
              "no format of scores is called " + name + ": take one of " + NAMES);
    };
  }

  /**
   * {@link #JSON} with a field {@code review}, which holds what else was in the review's record.
   *
   * @param fields of the reviews, which are in JSON, too
   */
  static SentimentFormat jsonPassingOn(JsonFields fields) {
    return new JsonSentiments(Optional.of(fields));
  }

  /**
   * {@link #REGISTERED}.
   *
   * @param topic that scores are written to, if they are; names the schema's subject
   */
  static SentimentFormat registered(SchemaRegistry registry, String topic) {
    return new RegisteredSentiments(registry, topic);
  }

  /**
   * The value of a record that holds this score.
   *
   * @throws SchemaRefusedException if a schema registry will not have its schema
   * @throws SchemaRegistryUnavailableException if the schema's id is not known and cannot be asked
   *     for
   */
  byte[] write(ReviewSentiment sentiment);

  /**
   * The same, with what the format passes on from the review's record.
   *
   * @param original value of that record, which was read before
   */
  default byte[] write(ReviewSentiment sentiment, byte[] original) {
    return write(sentiment);
  }

  /**
   * Reads one score.
   *
   * @param value value of a record, not null
   * @throws UnreadableRecordException if the bytes are not one whole score
   * @throws SchemaRegistryUnavailableException if a schema is not known and cannot be asked for
   */
  ReviewSentiment read(byte[] value) throws UnreadableRecordException;

  /** Ends all waiting for a schema registry, where there is one. */
  @Override
  default void close() {}
}
