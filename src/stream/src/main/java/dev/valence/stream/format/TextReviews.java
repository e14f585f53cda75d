package dev.valence.stream.format;

import dev.valence.schema.Review;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reviews as plain text in UTF-8; the record's key may hold the id. */
final class TextReviews implements ReviewFormat {

  @Override
  public Review read(byte[] value) throws UnreadableRecordException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
      return Review.newBuilder().setId("").setText(text).build();
    } catch (CharacterCodingException e) {
      throw new UnreadableRecordException("not text in UTF-8: " + e.getMessage(), e);
    }
  }

  @Override
  public byte[] write(Review review) {
    return review.getText().getBytes(StandardCharsets.UTF_8);
  }
}
