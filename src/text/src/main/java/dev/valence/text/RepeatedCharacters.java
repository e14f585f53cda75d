package dev.valence.text;

import java.util.function.UnaryOperator;

/**
 * {@code replace_rep}: a character three or more times in a row becomes marker, count, character.
 */
final class RepeatedCharacters implements UnaryOperator<String> {

  private static final int LEAST = 3;

  @Override
  public String apply(String text) {
    StringBuilder rewritten = new StringBuilder(text.length() + 16);
    int at = 0;
    while (at < text.length()) {
      int point = text.codePointAt(at);
      int end = at;
      int count = 0;
      while (end < text.length() && text.codePointAt(end) == point) {
        end += Character.charCount(point);
        count++;
      }
      boolean space = Character.isBmpCodePoint(point) && WhiteSpace.isSpace((char) point);
      if (count >= LEAST && !space) {
        rewritten.append(" xxrep ").append(count).append(' ').appendCodePoint(point).append(' ');
      } else {
        rewritten.append(text, at, end);
      }
      at = end;
    }
    return rewritten.toString();
  }
}
