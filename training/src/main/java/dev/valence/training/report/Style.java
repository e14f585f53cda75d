package dev.valence.training.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The style sheet of pages and drawings. */
final class Style {
  private Style() {}

  /**
   * Reads it.
   *
   * @throws IOException if it cannot be read
   */
  static String css() throws IOException {
    try (InputStream css = Style.class.getResourceAsStream("report.css")) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
