package dev.valence.stream.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.valence.schema.Review;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * Reviews as JSON objects. {@code text} is a string; {@code id} a string or an integer; {@code
 * subject} a string; {@code writtenAt} an ISO 8601 time with its offset, or milliseconds since
 * 1970. All but {@code text} may be missing or null; other fields are ignored.
 */
final class JsonReviews implements ReviewFormat {

  private final JsonObjects json = new JsonObjects();

  @Override
  public Review read(byte[] value) throws UnreadableRecordException {
    JsonNode object = json.read(value);
    JsonNode text = object.path("text");
    if (!text.isTextual()) {
      throw new UnreadableRecordException("the JSON object has no field \"text\" with a string");
    }
    String id = optionalText(object, "id", true);
    return Review.newBuilder()
        .setId(id == null ? "" : id)
        .setText(text.textValue())
        .setSubject(optionalText(object, "subject", false))
        .setWrittenAt(writtenAt(object.path("writtenAt")))
        .build();
  }

  @Override
  public byte[] write(Review review) {
    ObjectNode object = json.object().put("id", review.getId()).put("text", review.getText());
    if (review.getSubject() != null) {
      object.put("subject", review.getSubject());
    }
    if (review.getWrittenAt() != null) {
      object.put("writtenAt", review.getWrittenAt().toString());
    }
    return json.write(object);
  }

  private static String optionalText(JsonNode object, String field, boolean orInteger)
      throws UnreadableRecordException {
    JsonNode node = object.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.isTextual() && !(orInteger && node.isIntegralNumber())) {
      throw new UnreadableRecordException(
          "the field \"" + field + "\" is not a string: " + node.getNodeType());
    }
    return node.asText();
  }

  private static Instant writtenAt(JsonNode node) throws UnreadableRecordException {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    try {
      return node.isIntegralNumber() && node.canConvertToLong()
          ? Instant.ofEpochMilli(node.longValue())
          : OffsetDateTime.parse(node.asText()).toInstant();
    } catch (DateTimeException e) {
      throw new UnreadableRecordException("the field \"writtenAt\" is not a time: " + node, e);
    }
  }
}
