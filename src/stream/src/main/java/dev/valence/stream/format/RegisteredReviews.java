package dev.valence.stream.format;

import dev.valence.schema.AvroMessages;
import dev.valence.schema.Review;

/** Reviews in Avro whose schemas are in a schema registry. */
final class RegisteredReviews implements ReviewFormat {

  private final RegisteredAvro<Review> avro;

  RegisteredReviews(SchemaRegistry registry, String topic) {
    this.avro = new RegisteredAvro<>(registry, topic, AvroMessages.reviews());
  }

  @Override
  public Review read(byte[] value) throws UnreadableRecordException {
    return avro.read(value);
  }

  @Override
  public byte[] write(Review review) {
    return avro.write(review);
  }

  @Override
  public void close() {
    avro.close();
  }
}
