package dev.valence.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** A file with the keys of {@code valence stream}. */
final class PropertiesFile {
  private final Path file;

  PropertiesFile(Path file) {
    this.file = file;
  }

  /**
   * Its keys and their values.
   *
   * @throws CommandFailedException if it is not a properties file
   */
  Map<String, String> read() throws IOException {
    Properties properties = new Properties();
    if (Files.isDirectory(file)) {
      throw new CommandFailedException("not a properties file: " + file + " is a directory.");
    }
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    } catch (CharacterCodingException e) {
      throw new CommandFailedException("not a properties file: " + file + " is not UTF-8.", e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          "not a properties file: " + file + ": " + e.getMessage() + ".", e);
    }
    Map<String, String> keys = new LinkedHashMap<>();
    properties.stringPropertyNames().forEach(key -> keys.put(key, properties.getProperty(key)));
    return keys;
  }
}
