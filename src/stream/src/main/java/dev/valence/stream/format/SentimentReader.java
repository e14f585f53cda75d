package dev.valence.stream.format;

import dev.valence.schema.AvroMessages;
import dev.valence.schema.ReviewSentiment;
import java.util.Optional;

/** Reads scores of every format, told apart by their first bytes. Safe for use by many threads. */
public final class SentimentReader {

  private final SentimentFormat avro = new AvroSentiments();
  private final SentimentFormat json = new JsonSentiments(Optional.empty());
  private final Optional<SentimentFormat> registered;

  /** Reads scores that need no schema registry. */
  public SentimentReader() {
    this.registered = Optional.empty();
  }

  /** Reads those, too, whose schemas this registry has. */
  public SentimentReader(SchemaRegistry registry) {
    this.registered = Optional.of(SentimentFormat.registered(registry, ""));
  }

  /**
   * Reads one score.
   *
   * @param value value of a record, not null
   * @throws UnreadableRecordException if the bytes are not one whole score
   * @throws SchemaRegistryUnavailableException if a schema is not known and cannot be asked for
   */
  public ReviewSentiment read(byte[] value) throws UnreadableRecordException {
    if (RegisteredAvro.looksRegistered(value)) {
      return registered
          .orElseThrow(
              () ->
                  new UnreadableRecordException("its schema is in a schema registry: say in which"))
          .read(value);
    }
    return (AvroMessages.looksLikeMessage(value) ? avro : json).read(value);
  }
}
