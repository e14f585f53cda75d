package dev.valence.stream.format;

import dev.valence.schema.AvroMessages;
import dev.valence.schema.ReviewSentiment;

/** Reads scores of every format, told apart by their first bytes. Safe for use by many threads. */
public final class SentimentReader {

  private final SentimentFormat avro = new AvroSentiments();
  private final SentimentFormat json = new JsonSentiments();

  /**
   * Reads one score.
   *
   * @param value value of a record, not null
   * @throws UnreadableRecordException if the bytes are not one whole score
   */
  public ReviewSentiment read(byte[] value) throws UnreadableRecordException {
    return (AvroMessages.looksLikeMessage(value) ? avro : json).read(value);
  }
}
