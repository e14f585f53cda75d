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

  /**
   * Characters between two words; a token further away is another one, unless others before it were
   * not found.
   */
  private static final int REACH = 32;

  /** Characters at most that tokens which were not found may account for. */
  private static final int MOST_MISSED = 500;

  /** White space, and line breaks as {@link TextRule#HTML_LINE_BREAKS} sees them. */
  private static final Pattern GAP = RegexRule.compile("(?i)[\\s]++|<[\\s]*+br[\\s]*+/?>");

  private TokenSpans() {}

  /**
   * @param text as its author wrote it
   * @param tokens all of its tokens, in their order
   * @return one span a token, in the order of the text
   */
  public static List<Span> find(String text, List<String> tokens) {
    List<Span> spans = new ArrayList<>(tokens.size());
    Matcher gap = GAP.matcher(text);
    int position = afterGap(gap, 0);
    int missed = 0;
    for (String token : tokens) {
      boolean blank = WhiteSpace.isBlank(token);
      int start = blank ? -1 : indexOf(text, position, REACH + missed, token);
      if (start < 0) {
        missed = blank ? missed : Math.min(MOST_MISSED, missed + token.length() + 1);
        spans.add(NOWHERE);
      } else {
        spans.add(new Span(start, start + token.length()));
        // Only now: tokens in a row that are not found would each look through what is here.
        position = afterGap(gap, start + token.length());
        missed = 0;
      }
    }
    return spans;
  }

  private static int indexOf(String text, int begin, int reach, String token) {
    int last = Math.min(begin + reach, text.length() - token.length());
    for (int start = begin; start <= last; start++) {
      if (text.regionMatches(true, start, token, 0, token.length())) {
        return start;
      }
    }
    return -1;
  }

  private static int afterGap(Matcher gap, int from) {
    int begin = from;
    while (gap.region(begin, gap.regionEnd()).lookingAt()) {
      begin = gap.end();
    }
    return begin;
  }
}
