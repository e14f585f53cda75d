package dev.valence.text;

import java.util.function.UnaryOperator;

/**
 * {@code replace_wrep}: a word three or more times in a row, between white space, becomes marker,
 * count, word. The last one may be followed by a mark: {@code so so so!}
 *
 * <p>Does what {@code (?:\s|^)(\w+)\s+((?:\1\s+)+)\1(\s|\W|$)} does in Python, which in Java would
 * overflow the stack.
 */
final class RepeatedWords implements UnaryOperator<String> {

  private final CodePointSet wordCharacters =
      CharacterClasses.load(new RuleResources()).get("word");

  /**
   * @param end where the last of the words ends
   */
  private record Repetition(int count, int end) {}

  @Override
  public String apply(String text) {
    StringBuilder rewritten = new StringBuilder(text.length() + 16);
    int copied = 0;
    int at = 0;
    while (at < text.length()) {
      boolean space = WhiteSpace.isSpace(text.charAt(at));
      int word = space ? at + 1 : at;
      Repetition found = space || at == 0 ? repetition(text, word) : null;
      if (found == null) {
        at++;
        continue;
      }
      int behind = found.end == text.length() ? found.end : text.offsetByCodePoints(found.end, 1);
      rewritten
          .append(text, copied, at)
          .append(" xxwrep ")
          .append(found.count)
          .append(' ')
          .append(text, word, endOfWord(text, word))
          .append(' ')
          .append(text, found.end, behind);
      copied = behind;
      at = behind;
    }
    return rewritten.append(text, copied, text.length()).toString();
  }

  private Repetition repetition(String text, int word) {
    int endOfFirst = endOfWord(text, word);
    int length = endOfFirst - word;
    if (length == 0) {
      return null;
    }
    int next = endOfSpace(text, endOfFirst);
    int repeated = 0;
    int lastEnd = endOfFirst;
    while (next > lastEnd && text.regionMatches(next, text, word, length)) {
      int end = next + length;
      next = endOfSpace(text, end);
      if (next == end) {
        // A word that goes on is another word; at a mark the row is complete.
        boolean wordEnds = end == text.length() || !wordCharacters.contains(text.codePointAt(end));
        if (wordEnds) {
          repeated++;
          lastEnd = end;
        }
        break;
      }
      repeated++;
      lastEnd = end;
    }
    return repeated >= 2 ? new Repetition(repeated + 1, lastEnd) : null;
  }

  private int endOfWord(String text, int from) {
    int at = from;
    while (at < text.length() && wordCharacters.contains(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    return at;
  }

  private static int endOfSpace(String text, int from) {
    int at = from;
    while (at < text.length() && WhiteSpace.isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
