package dev.valence.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads reviews from JSON Lines, one object with {@code id} and {@code text} a line, in UTF-8.
 * Other fields are ignored, and so are blank lines. A line that is not such an object ends the
 * reading with its number.
 */
final class ReviewLineReader {
  /** A number for an id stays as it is written. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final int MEBIBYTE = 1 << 20;

  private final BufferedInputStream in;
  private final int maxLineBytes;
  private CommandFailedException failure;
  private long lines;

  /**
   * @param in the lines; stays the caller's to close
   */
  ReviewLineReader(InputStream in) {
    this(in, 64 * MEBIBYTE);
  }

  /**
   * @param maxLineBytes the longest line that is accepted
   */
  ReviewLineReader(InputStream in, int maxLineBytes) {
    this.in = new BufferedInputStream(in, 1 << 16);
    this.maxLineBytes = maxLineBytes;
  }

  /**
   * The next reviews, none at the end. Reviews before a bad line are handed out first.
   *
   * @param maxReviews most reviews, positive
   * @param maxCharacters after so many characters of text no further review is added
   * @throws CommandFailedException if the next line is not a review or cannot be read
   */
  List<ReviewLine> next(int maxReviews, int maxCharacters) {
    List<ReviewLine> block = new ArrayList<>();
    long characters = 0;
    while (failure == null && block.size() < maxReviews && characters < maxCharacters) {
      try {
        Optional<ReviewLine> review = next();
        if (review.isEmpty()) {
          return block;
        }
        block.add(review.get());
        characters += review.get().text().length();
      } catch (CommandFailedException e) {
        failure = e;
      }
    }
    if (block.isEmpty() && failure != null) {
      throw failure;
    }
    return block;
  }

  /**
   * The next review, none at the end.
   *
   * @throws CommandFailedException if the next line is not a review or cannot be read
   */
  Optional<ReviewLine> next() {
    while (true) {
      byte[] line = nextLine();
      if (line == null) {
        return Optional.empty();
      }
      if (!isBlank(line)) {
        return Optional.of(parse(line));
      }
    }
  }

  private ReviewLine parse(byte[] line) {
    JsonNode object;
    try {
      object = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw bad("is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw bad("is not UTF-8: " + e.getMessage(), e);
    }
    if (!object.isObject()) {
      throw bad("is not an object", null);
    }
    JsonNode id = object.path("id");
    if (!id.isTextual() && !id.isNumber()) {
      throw bad("has no id that is a string or a number", null);
    }
    JsonNode text = object.path("text");
    if (!text.isTextual()) {
      throw bad("has no text that is a string", null);
    }
    return new ReviewLine(id, text.textValue());
  }

  private byte[] nextLine() {
    try {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      lines++;
      ByteArrayOutputStream line = new ByteArrayOutputStream(2048);
      while (next >= 0 && next != '\n') {
        if (line.size() == maxLineBytes) {
          throw bad("is longer than " + maxLineBytes + " bytes", null);
        }
        line.write(next);
        next = in.read();
      }
      return line.toByteArray();
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot read line " + (lines + 1) + " of standard input: " + e.getMessage(), e);
    }
  }

  private static boolean isBlank(byte[] line) {
    for (byte character : line) {
      if (character != ' ' && character != '\t' && character != '\r') {
        return false;
      }
    }
    return true;
  }

  private CommandFailedException bad(String problem, Throwable cause) {
    return new CommandFailedException(
        "line "
            + lines
            + " of standard input "
            + problem
            + ". Give one object a line, like {\"id\": \"1\", \"text\": \"A good film.\"}.",
        cause);
  }
}
