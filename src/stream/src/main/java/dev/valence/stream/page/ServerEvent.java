package dev.valence.stream.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A message of a stream of Server-Sent Events, made once for all who read it.
 *
 * @param bytes UTF-8
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, server-sent
 *     events</a>
 */
record ServerEvent(byte[] bytes) {

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * @param name type of the event
   * @param data is written as JSON, which has no line breaks
   */
  static ServerEvent of(String name, Object data) {
    return new ServerEvent(
        ("event: " + name + "\ndata: " + json(data) + "\n\n").getBytes(StandardCharsets.UTF_8));
  }

  static String json(Object data) {
    try {
      return JSON.writeValueAsString(data);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }
}
