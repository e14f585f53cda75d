package dev.valence.stream.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads and writes one JSON object a record, strictly. */
final class JsonObjects {

  /** So deep may be what another object is put around. */
  static final int INNER_DEPTH = StreamReadConstraints.DEFAULT_MAX_DEPTH - 1;

  /** Numbers stay as they are written: a double would round 0.10000000000000000001. */
  private static final JsonMapper MAPPER = mapper(StreamReadConstraints.DEFAULT_MAX_DEPTH);

  private static final JsonMapper INNER_MAPPER = mapper(INNER_DEPTH);

  private static JsonMapper mapper(int depth) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(depth).build())
                .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();
  }

  ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  ObjectNode read(byte[] value) throws UnreadableRecordException {
    return read(MAPPER, value);
  }

  /** The same of an object that {@link #write} can put another around. */
  ObjectNode readInner(byte[] value) throws UnreadableRecordException {
    return read(INNER_MAPPER, value);
  }

  private static ObjectNode read(JsonMapper mapper, byte[] value) throws UnreadableRecordException {
    JsonNode node;
    try {
      node = mapper.readTree(value);
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
