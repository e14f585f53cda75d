package dev.valence.training;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Puts spaces where a reader expects them between a tokenizer's tokens. Tokens do not say where
 * spaces were, so this goes by English usage: what it writes is legible, not the original.
 */
final class Detokenizer {
  private static final Pattern FOLLOWS =
      Pattern.compile("[.,!?;:%)\\]}…]+|n['’]?t|['’](s|re|ve|ll|d|m|em)");
  private static final Pattern OPENS = Pattern.compile("[(\\[{$£€#]+");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Set<String> JOINS = Set.of("-", "/", "–");
  private static final Set<String> SPOKEN = Set.of("gon na", "wan na", "got ta");
  private static final Set<String> QUOTES = Set.of("\"", "'");

  private Detokenizer() {}

  /** The tokens as text; a token of white space stands for itself. */
  static String join(List<String> tokens) {
    StringBuilder text = new StringBuilder();
    boolean tight = true;
    String open = null;
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      boolean tightBefore = tight || follows(tokens, i);
      tight = OPENS.matcher(token).matches() || (JOINS.contains(token) && betweenWords(tokens, i));
      if (token.isBlank()) {
        tightBefore = true;
        tight = true;
      } else if (token.equals(open)) {
        tightBefore = true;
        open = null;
      } else if (QUOTES.contains(token) && open == null && !possessive(tokens, i)) {
        tight = true;
        open = token;
      }
      text.append(tightBefore ? "" : " ").append(token);
    }
    return text.toString().strip();
  }

  private static boolean follows(List<String> tokens, int at) {
    String token = tokens.get(at);
    return FOLLOWS.matcher(token).matches()
        || (at > 0 && SPOKEN.contains(tokens.get(at - 1) + " " + token))
        || (JOINS.contains(token) && betweenWords(tokens, at))
        || possessive(tokens, at);
  }

  /** A hyphen or stroke with a word on both sides: well-made, and/or, 7/10. */
  private static boolean betweenWords(List<String> tokens, int at) {
    return at > 0
        && at + 1 < tokens.size()
        && isWord(tokens.get(at - 1))
        && isWord(tokens.get(at + 1));
  }

  private static boolean isWord(String token) {
    return Character.isLetter(token.codePointAt(0)) || NUMBER.matcher(token).matches();
  }

  /** The actors' names. */
  private static boolean possessive(List<String> tokens, int at) {
    return at > 0
        && tokens.get(at).equals("'")
        && tokens.get(at - 1).endsWith("s")
        && at + 1 < tokens.size()
        && isWord(tokens.get(at + 1));
  }
}
