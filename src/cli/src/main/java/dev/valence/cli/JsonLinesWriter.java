package dev.valence.cli;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes one JSON object a line, in UTF-8 whatever the terminal's locale is. */
final class JsonLinesWriter implements AutoCloseable {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

  private final OutputStream out;

  /**
   * @param out where the lines go; {@link #close} flushes it but leaves it open
   */
  JsonLinesWriter(OutputStream out) {
    this.out = new BufferedOutputStream(out, 1 << 16);
  }

  /**
   * @param object what Jackson writes as an object
   * @throws CommandFailedException if the line cannot be written
   */
  void write(Object object) {
    try {
      out.write(JSON.writeValueAsBytes(object));
      out.write('\n');
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Hands everything on.
   *
   * @throws CommandFailedException if a line cannot be written
   */
  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    flush();
  }

  private static CommandFailedException failed(IOException e) {
    return new CommandFailedException("cannot write to standard output: " + e.getMessage(), e);
  }
}
