package dev.valence.text;

import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Replaces what a pattern finds.
 *
 * @param pattern a pattern whose loops are possessive, so that it cannot backtrack
 * @param replacement as {@link java.util.regex.Matcher#replaceAll(String)} takes it
 */
record RegexRule(Pattern pattern, String replacement) implements UnaryOperator<String> {

  // Java's own \s, even in its Unicode flavour, lacks U+001C to U+001F.
  private static final String SPACES = "\\t-\\r\\x1C-\\x1F\\x85\\p{Z}";

  RegexRule(String pattern, String replacement) {
    this(compile(pattern), replacement);
  }

  /** Compiles a pattern whose {@code \s}, in brackets only, is Python's. */
  static Pattern compile(String pattern) {
    return Pattern.compile(pattern.replace("\\s", SPACES));
  }

  @Override
  public String apply(String text) {
    return pattern.matcher(text).replaceAll(replacement);
  }
}
