package dev.valence.stream.format;

import dev.valence.schema.AvroMessages;
import dev.valence.schema.ReviewSentiment;

/** Scores in Avro whose schemas are in a schema registry. */
final class RegisteredSentiments implements SentimentFormat {

  private final RegisteredAvro<ReviewSentiment> avro;

  RegisteredSentiments(SchemaRegistry registry, String topic) {
    this.avro = new RegisteredAvro<>(registry, topic, AvroMessages.sentiments());
  }

  @Override
  public byte[] write(ReviewSentiment sentiment) {
    return avro.write(sentiment);
  }

  @Override
  public ReviewSentiment read(byte[] value) throws UnreadableRecordException {
    return avro.read(value);
  }

  @Override
  public void close() {
    avro.close();
  }
}
