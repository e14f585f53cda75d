package dev.valence.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads the rule files that lie beside this class. */
final class RuleResources {

  private final ObjectMapper json = new ObjectMapper();

  /** Reads a JSON file into an object. */
  <T> T read(String resource, Class<T> type) {
    try (InputStream stream = RuleResources.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException(
            "the rules are missing from the class path: " + resource + ". Build Valence again.");
      }
      return json.readValue(stream, type);
    } catch (IOException e) {
      throw new UncheckedIOException("the rules cannot be read: " + resource, e);
    }
  }
}
