package dev.valence.stream.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How records of one kind look in JSON. */
abstract class JsonForm<T> {

  private final JsonObjects objects = new JsonObjects();

  final JsonObjects objects() {
    return objects;
  }

  abstract ObjectNode write(T content);

  /**
   * @throws UnreadableRecordException if a field is missing or not what it should be
   */
  abstract T read(ObjectNode object) throws UnreadableRecordException;

  final String text(ObjectNode object, String field) throws UnreadableRecordException {
    JsonNode node = object.path(field);
    if (!node.isTextual()) {
      throw new UnreadableRecordException(
          "the JSON object has no field \"" + field + "\" with a string");
    }
    return node.textValue();
  }
}
