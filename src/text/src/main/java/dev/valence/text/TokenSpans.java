package dev.valence.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds tokens again in the text that they were cut from. The rules rewrite the text before it is
 * cut, so this looks for each token after the last one, capitals or not, and gives up on those that
 * the rules have made.
 */
public final class TokenSpans {

  /**
   * Where a token is.
   *
   * @param start in UTF-16 units; -1 if it was not found
   * @param end exclusive; -1 if it was not found
   */
  public record Span(int start, int end) {}

  private static final Span NOWHERE = new Span(-1, -1);

  /** Characters between two words; a token further away is another one. */
  private static final int REACH = 32;

  /** As {@link TextRule#HTML_LINE_BREAKS} sees them. */
  private static final Pattern LINE_BREAK = Pattern.compile("(?i)<\\s*+br\\s*+/?>");

  private TokenSpans() {}

  /**
   * @param text as its author wrote it
   * @param tokens all of its tokens, in their order
   * @return one span a token, in the order of the text
   */
  public static List<Span> find(String text, List<String> tokens) {
    List<Span> spans = new ArrayList<>(tokens.size());
    int position = 0;
    for (String token : tokens) {
      // Once and for all: the rules may have made many tokens in a row that are not found.
      position = afterWhiteSpace(text, position);
      int start = token.isBlank() ? -1 : indexOf(text, position, token);
      if (start < 0) {
        spans.add(NOWHERE);
      } else {
        position = start + token.length();
        spans.add(new Span(start, position));
      }
    }
    return spans;
  }

  private static int indexOf(String text, int begin, String token) {
    int last = Math.min(begin + REACH, text.length() - token.length());
    for (int start = begin; start <= last; start++) {
      if (text.regionMatches(true, start, token, 0, token.length())) {
        return start;
      }
    }
    return -1;
  }

  private static int afterWhiteSpace(String text, int from) {
    Matcher lineBreak = LINE_BREAK.matcher(text);
    int begin = from;
    while (begin < text.length()) {
      if (Character.isWhitespace(text.charAt(begin))) {
        begin++;
      } else if (lineBreak.region(begin, text.length()).lookingAt()) {
        begin = lineBreak.end();
      } else {
        break;
      }
    }
    return begin;
  }
}
