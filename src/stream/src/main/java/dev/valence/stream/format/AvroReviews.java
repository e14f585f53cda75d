package dev.valence.stream.format;

import dev.valence.schema.AvroMessages;
import dev.valence.schema.Review;
import java.io.IOException;

/** Reviews in Avro's single-object encoding. */
final class AvroReviews implements ReviewFormat {

  private final AvroMessages<Review> messages = AvroMessages.reviews();

  @Override
  public Review read(byte[] value) throws UnreadableRecordException {
    try {
      return messages.read(value);
    } catch (IOException e) {
      throw new UnreadableRecordException(e.getMessage(), e);
    }
  }

  @Override
  public byte[] write(Review review) {
    return messages.write(review);
  }
}
