package dev.valence.stream.format;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonNode.OverwriteMode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.valence.schema.Review;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * Reviews as JSON objects. The text is a string; the id a string or an integer; the subject a
 * string; the time an ISO 8601 time with its offset, or milliseconds since 1970. All but the text
 * may be missing or null; other fields are ignored.
 */
final class JsonReviews implements ReviewFormat {

  /** Characters of a wrong value that a message quotes. */
  private static final int QUOTED = 200;

  private final JsonObjects json = new JsonObjects();
  private final JsonFields fields;

  JsonReviews(JsonFields fields) {
    this.fields = fields;
  }

  @Override
  public Review read(byte[] value) throws UnreadableRecordException {
    JsonNode object = json.readInner(value);
    JsonNode text = object.at(JsonFields.pointer(fields.text()));
    if (!text.isTextual()) {
      throw new UnreadableRecordException(
          "the JSON object has no field \"" + fields.text() + "\" with a string");
    }
    String id = optionalText(object, fields.id(), true);
    return Review.newBuilder()
        .setId(id == null ? "" : id)
        .setText(text.textValue())
        .setSubject(optionalText(object, fields.subject(), false))
        .setWrittenAt(writtenAt(object))
        .build();
  }

  @Override
  public byte[] write(Review review) {
    ObjectNode object = json.object();
    put(object, fields.id(), review.getId());
    put(object, fields.text(), review.getText());
    if (review.getSubject() != null) {
      put(object, fields.subject(), review.getSubject());
    }
    if (review.getWrittenAt() != null) {
      put(object, fields.writtenAt(), review.getWrittenAt().toString());
    }
    return json.write(object);
  }

  private static void put(ObjectNode object, String field, String value) {
    JsonPointer pointer = JsonFields.pointer(field);
    object
        .withObject(pointer.head(), OverwriteMode.NULLS, false)
        .put(pointer.last().getMatchingProperty(), value);
  }

  private static String optionalText(JsonNode object, String field, boolean orInteger)
      throws UnreadableRecordException {
    JsonNode node = object.at(JsonFields.pointer(field));
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.isTextual() && !(orInteger && node.isIntegralNumber())) {
      throw new UnreadableRecordException(
          "the field \"" + field + "\" is not a string: " + node.getNodeType());
    }
    return node.asText();
  }

  private Instant writtenAt(JsonNode object) throws UnreadableRecordException {
    JsonNode node = object.at(JsonFields.pointer(fields.writtenAt()));
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    try {
      if (node.isIntegralNumber() && node.canConvertToLong()) {
        return Instant.ofEpochMilli(node.longValue());
      }
      Instant time = OffsetDateTime.parse(node.asText()).toInstant();
      return Instant.ofEpochMilli(time.toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      throw new UnreadableRecordException(
          "the field \"" + fields.writtenAt() + "\" is not a time: " + shortened(node), e);
    }
  }

  private static String shortened(JsonNode node) {
    String text = node.toString();
    return text.length() <= QUOTED ? text : text.substring(0, QUOTED) + "...";
  }
}
