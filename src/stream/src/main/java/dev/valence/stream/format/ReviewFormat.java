package dev.valence.stream.format;

import dev.valence.schema.Review;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Turns the value of a record into a review, and back. Safe for use by many threads. */
public sealed interface ReviewFormat extends AutoCloseable
    permits AvroReviews, JsonReviews, RegisteredReviews, TextReviews {

  /** Avro's single-object encoding of {@link Review}. */
  String AVRO = "avro";

  /** A JSON object with the fields {@code id}, {@code text}, {@code subject}, {@code writtenAt}. */
  String JSON = "json";

  /** The review's text in UTF-8, and nothing else. */
  String TEXT = "text";

  /** Avro whose schema is in a schema registry, behind a zero byte and the schema's id. */
  String REGISTERED = "avro-registry";

  /** Names of the formats that need nothing else. */
  List<String> NAMES = List.of(AVRO, JSON, TEXT);

  /**
   * The format of that name.
   *
   * @throws IllegalArgumentException if it is none of {@link #NAMES}
   */
  static ReviewFormat named(String name) {
    return switch (name) {
      case AVRO -> new AvroReviews();
      case JSON -> new JsonReviews(JsonFields.DEFAULT);
      case TEXT -> new TextReviews();
      default ->
          throw new IllegalArgumentException(
              "no format of reviews is called " + name + ": take one of " + NAMES);
    };
  }

  /** {@link #JSON} with these fields. */
  static ReviewFormat json(JsonFields fields) {
    return new JsonReviews(fields);
  }

  /**
   * {@link #REGISTERED}.
   *
   * @param topic that reviews are written to, if they are; names the schema's subject
   */
  static ReviewFormat registered(SchemaRegistry registry, String topic) {
    return new RegisteredReviews(registry, topic);
  }

  /**
   * Reads one review.
   *
   * @param value value of a record, not null
   * @return the review; its id is empty where the format or the record has none
   * @throws UnreadableRecordException if the bytes are not one whole review
   * @throws SchemaRegistryUnavailableException if a schema is not known and cannot be asked for
   */
  Review read(byte[] value) throws UnreadableRecordException;

  /**
   * Reads the review of a record, and gives one without an id the record's key for it, else its
   * place. A library's own failure on odd bytes counts as unreadable, too.
   *
   * @param key of the record; may be null
   * @param value of the record, not null
   * @param place where the record is, {@code <topic>-<partition>-<offset>}
   * @throws UnreadableRecordException if the bytes are not one whole review
   * @throws SchemaRegistryUnavailableException if a schema is not known and cannot be asked for
   */
  default Review read(byte[] key, byte[] value, Supplier<String> place)
      throws UnreadableRecordException {
    try {
      Review review = read(value);
      if (!review.getId().isEmpty()) {
        return review;
      }
      String id = keyText(key).filter(text -> !text.isEmpty()).orElseGet(place);
      return Review.newBuilder(review).setId(id).build();
    } catch (SchemaRegistryUnavailableException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw new UnreadableRecordException("the record cannot be read: " + e, e);
    }
  }

  /** A record's key as a person reads it; empty if it is none, or not text. */
  static Optional<String> keyText(byte[] key) {
    try {
      return key == null
          ? Optional.empty()
          : Optional.of(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** The value of a record that holds this review. */
  byte[] write(Review review);

  /** Ends all waiting for a schema registry, where there is one. */
  @Override
  default void close() {}
}
