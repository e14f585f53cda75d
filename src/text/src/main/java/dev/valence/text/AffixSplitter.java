package dev.valence.text;

import java.util.Arrays;

/**
 * Cuts one word (a run without white space) into tokens: affixes come off from the outside inwards
 * until a special case is left or nothing more comes off; what is left is kept if it is a URL and
 * cut at its infixes if not.
 *
 * <p>Follows {@code Tokenizer._split_affixes} and {@code _attach_tokens} of spaCy 3.8.
 */
final class AffixSplitter {

  private final Affixes affixes;
  private final UrlMatcher urls;
  private final SpanMap<int[]> specialCases;

  /**
   * @param specialCases lengths of a special case's tokens, by its text
   */
  AffixSplitter(Affixes affixes, UrlMatcher urls, SpanMap<int[]> specialCases) {
    this.affixes = affixes;
    this.urls = urls;
    this.specialCases = specialCases;
  }

  /** Adds the tokens of {@code text[from, to)}, which must not be empty. */
  void split(String text, int from, int to, TokenSpans tokens) {
    int start = from;
    int end = to;
    int[] suffixStarts = null;
    int suffixes = 0;
    boolean cut = true;
    while (cut && start < end && !isSpecial(text, start, end)) {
      int prefixEnd = affixes.prefixes().endOfFirstMatch(text, start, start, end);
      boolean prefix = prefixEnd != AffixRule.NO_MATCH;
      if (!prefix) {
        prefixEnd = start;
      }
      if (prefix && isSpecial(text, prefixEnd, end)) {
        tokens.add(start, prefixEnd);
        start = prefixEnd;
        break;
      }
      int suffixStart =
          prefixEnd < end ? affixes.suffixes().startOfLongestMatch(text, prefixEnd, end) : end;
      boolean suffix = suffixStart < end;
      if (suffix && isSpecial(text, start, suffixStart)) {
        prefix = false;
        cut = false;
      }
      if (prefix) {
        tokens.add(start, prefixEnd);
        start = prefixEnd;
      }
      if (suffix) {
        if (suffixStarts == null) {
          suffixStarts = new int[4];
        } else if (suffixes == suffixStarts.length) {
          suffixStarts = Arrays.copyOf(suffixStarts, 2 * suffixes);
        }
        suffixStarts[suffixes++] = suffixStart;
        end = suffixStart;
      }
      cut &= prefix || suffix;
    }
    if (start < end) {
      splitMiddle(text, start, end, tokens);
    }
    for (int i = suffixes - 1; i >= 0; i--) {
      tokens.add(suffixStarts[i], i == 0 ? to : suffixStarts[i - 1]);
    }
  }

  private boolean isSpecial(String text, int from, int to) {
    return from < to && specialCases.get(text, from, to) != null;
  }

  private void splitMiddle(String text, int from, int to, TokenSpans tokens) {
    int[] lengths = specialCases.get(text, from, to);
    if (lengths != null) {
      tokens.addAdjacent(from, lengths);
    } else if (urls.matches(text, from, to)) {
      tokens.add(from, to);
    } else {
      splitAtInfixes(text, from, to, tokens);
    }
  }

  private void splitAtInfixes(String text, int from, int to, TokenSpans tokens) {
    int start = from;
    int at = from;
    while (at < to) {
      int end = affixes.infixes().endOfFirstMatch(text, at, from, to);
      if (end == AffixRule.NO_MATCH) {
        at += Character.charCount(text.codePointAt(at));
        continue;
      }
      // An infix at the very beginning stays with what follows.
      if (at > from) {
        if (start < at) {
          tokens.add(start, at);
        }
        tokens.add(at, end);
        start = end;
      }
      at = end;
    }
    if (start < to) {
      tokens.add(start, to);
    }
  }

  /** Whether any affix or infix rule finds something in the text. */
  boolean cuts(String text) {
    int to = text.length();
    if (affixes.prefixes().endOfFirstMatch(text, 0, 0, to) != AffixRule.NO_MATCH
        || affixes.suffixes().startOfLongestMatch(text, 0, to) < to) {
      return true;
    }
    for (int at = 0; at < to; at += Character.charCount(text.codePointAt(at))) {
      if (affixes.infixes().endOfFirstMatch(text, at, 0, to) != AffixRule.NO_MATCH) {
        return true;
      }
    }
    return false;
  }
}
