package dev.valence.text;

import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lower-cases words of a certain casing, and puts a marker before those of two characters or more.
 */
final class MarkedCapitals implements UnaryOperator<String> {

  private final Pattern word;
  private final String marker;

  /**
   * @param word pattern of the whole word, up to the next white space
   */
  MarkedCapitals(String word, String marker) {
    this.word = RegexRule.compile("([\\s]|^)(" + word + ")(?![^\\s])");
    this.marker = marker;
  }

  @Override
  public String apply(String text) {
    return word.matcher(text).replaceAll(this::mark);
  }

  private String mark(MatchResult match) {
    String capitals = match.group(2);
    String prefix = capitals.length() > 1 ? marker + " " : "";
    return Matcher.quoteReplacement(match.group(1) + prefix + capitals.toLowerCase(Locale.ROOT));
  }
}
