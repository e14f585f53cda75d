package dev.valence.cli;

import dev.valence.stream.ValenceConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/** What a command is told of processors: their properties file, if any, and options beside it. */
final class StreamConfigFile {
  private final Path file;

  /**
   * @param file null for none
   */
  StreamConfigFile(Path file) {
    this.file = file;
  }

  /**
   * The configuration.
   *
   * @param options keys that win over the file; a null value stands for an option not given
   * @throws ConfigException if a key is unknown, or a value wrong
   * @throws CommandFailedException if the file is none of properties
   */
  ValenceConfig with(Map<String, String> options) {
    Map<String, String> keys = new LinkedHashMap<>();
    try {
      if (file != null) {
        keys.putAll(new PropertiesFile(file).read());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    options.forEach(
        (key, value) -> {
          if (value != null) {
            keys.put(key, value);
          }
        });
    return new ValenceConfig(keys);
  }
}
