package dev.valence.text;

/** What an {@link AffixRule} cuts, without regard to the neighbours. */
sealed interface AffixBody {

  /** The end of the body that begins at {@code start}, or {@link AffixRule#NO_MATCH}. */
  int endFrom(String text, int start, int to);

  /** The start of the longest body that ends at {@code to}, or {@link AffixRule#NO_MATCH}. */
  int startFrom(String text, int from, int to);

  /** These very characters. */
  record Literal(String literal) implements AffixBody {

    @Override
    public int endFrom(String text, int start, int to) {
      int end = start + literal.length();
      return end <= to && text.startsWith(literal, start) ? end : AffixRule.NO_MATCH;
    }

    @Override
    public int startFrom(String text, int from, int to) {
      int start = to - literal.length();
      return start >= from && text.startsWith(literal, start) ? start : AffixRule.NO_MATCH;
    }
  }

  /** Any one code point; the table that a rule stands in says which. */
  record OneCodePoint() implements AffixBody {

    @Override
    public int endFrom(String text, int start, int to) {
      return start + Character.charCount(text.codePointAt(start));
    }

    @Override
    public int startFrom(String text, int from, int to) {
      return to - Character.charCount(text.codePointBefore(to));
    }
  }

  /** A character, at least so many times, and as often as it stands there. */
  record Run(char character, int atLeast) implements AffixBody {

    @Override
    public int endFrom(String text, int start, int to) {
      int end = start;
      while (end < to && text.charAt(end) == character) {
        end++;
      }
      return end - start >= atLeast ? end : AffixRule.NO_MATCH;
    }

    @Override
    public int startFrom(String text, int from, int to) {
      int start = to;
      while (start > from && text.charAt(start - 1) == character) {
        start--;
      }
      return to - start >= atLeast ? start : AffixRule.NO_MATCH;
    }
  }
}
