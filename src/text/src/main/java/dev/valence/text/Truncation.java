package dev.valence.text;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is kept of a long review: its first half and its last half; the middle is dropped, since
 * reviews tend to open and close with their verdict.
 *
 * @param maxCharacters most chars (UTF-16 units) that are tokenized, at least 3
 * @param maxTokens most tokens that are scored, at least 2
 */
public record Truncation(int maxCharacters, int maxTokens) {

  /** 200,000 characters and 2,000 tokens. */
  public static final Truncation DEFAULT = new Truncation(200_000, 2_000);

  /**
   * @throws IllegalArgumentException if a bound is too small to keep something of either end
   */
  public Truncation {
    if (maxCharacters < 3) {
      throw new IllegalArgumentException(
          "maxCharacters is too small: " + maxCharacters + ". Give at least 3.");
    }
    if (maxTokens < 2) {
      throw new IllegalArgumentException(
          "maxTokens is too small: " + maxTokens + ". Give at least 2.");
    }
  }

  /**
   * The text if it is short enough, else its first and its last half with a newline between them,
   * no longer than {@link #maxCharacters} together. A surrogate pair is kept or dropped as a whole.
   */
  public String cut(String text) {
    if (text.length() <= maxCharacters) {
      return text;
    }
    return text.substring(0, head(text)) + '\n' + text.substring(tail(text));
  }

  /**
   * The text if it is short enough, else how it begins. A surrogate pair is kept or dropped as a
   * whole.
   *
   * @param most chars (UTF-16 units) that are kept, positive
   */
  public static String beginning(String text, int most) {
    return text.length() <= most
        ? text
        : text.substring(0, splitsPair(text, most) ? most - 1 : most);
  }

  /**
   * Where in a text something is that was found in its {@link #cut(String)}.
   *
   * @param index of a character of what is kept, or -1 for none
   * @return its index in the whole text, or -1
   */
  public int uncut(String text, int index) {
    if (text.length() <= maxCharacters || index <= head(text)) {
      return index;
    }
    return index - head(text) - 1 + tail(text);
  }

  /** Exclusive end of the first half that is kept. */
  private int head(String text) {
    int head = (maxCharacters - 1) / 2;
    return splitsPair(text, head) ? head - 1 : head;
  }

  /** Start of the last half that is kept. */
  private int tail(String text) {
    int tail = text.length() - (maxCharacters - 1 - (maxCharacters - 1) / 2);
    return splitsPair(text, tail) ? tail + 1 : tail;
  }

  /** The tokens if they are few enough, else the first and the last half of {@link #maxTokens}. */
  public <T> List<T> cut(List<T> tokens) {
    if (tokens.size() <= maxTokens) {
      return tokens;
    }
    int head = maxTokens / 2;
    int tail = tokens.size() - (maxTokens - head);
    return Stream.concat(
            tokens.subList(0, head).stream(), tokens.subList(tail, tokens.size()).stream())
        .toList();
  }

  private static boolean splitsPair(String text, int index) {
    return index > 0
        && index < text.length()
        && Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
  }
}
