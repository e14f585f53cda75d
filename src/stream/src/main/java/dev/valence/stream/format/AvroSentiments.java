package dev.valence.stream.format;

import dev.valence.schema.AvroMessages;
import dev.valence.schema.ReviewSentiment;
import java.io.IOException;

/** Scores in Avro's single-object encoding. */
final class AvroSentiments implements SentimentFormat {

  private final AvroMessages<ReviewSentiment> messages = AvroMessages.sentiments();

  @Override
  public byte[] write(ReviewSentiment sentiment) {
    return messages.write(sentiment);
  }

  @Override
  public ReviewSentiment read(byte[] value) throws UnreadableRecordException {
    try {
      return messages.read(value);
    } catch (IOException e) {
      throw new UnreadableRecordException(e.getMessage(), e);
    }
  }
}
