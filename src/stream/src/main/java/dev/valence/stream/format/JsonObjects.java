package dev.valence.stream.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads and writes one JSON object a record, strictly. */
final class JsonObjects {

  /** Numbers stay as they are written: a double would round 0.10000000000000000001. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  ObjectNode read(byte[] value) throws UnreadableRecordException {
    JsonNode node;
    try {
      node = MAPPER.readTree(value);
    } catch (JsonProcessingException e) {
      throw new UnreadableRecordException("not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UnreadableRecordException("not JSON in UTF-8: " + e.getMessage(), e);
    }
    if (!(node instanceof ObjectNode object)) {
      throw new UnreadableRecordException("not a JSON object but " + node.getNodeType());
    }
    return object;
  }

  byte[] write(ObjectNode object) {
    try {
      return MAPPER.writeValueAsBytes(object);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }
}
