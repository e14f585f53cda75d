package dev.valence.text;

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
  void split(String text, int from, int to, Spans tokens) {
    int start = from;
    int end = to;
    Spans suffixes = null;
    while (start < end && !isSpecial(text, start, end)) {
      int prefixEnd = affixes.endOfPrefix(text, start, end);
      int suffixStart = end;
      if (!isSpecial(text, prefixEnd, end)) {
        suffixStart = affixes.startOfSuffix(text, prefixEnd, end);
        if (isSpecial(text, start, suffixStart)) {
          prefixEnd = start;
        }
      }
      if (prefixEnd == start && suffixStart == end) {
        break;
      }
      if (prefixEnd > start) {
        tokens.add(start, prefixEnd);
        start = prefixEnd;
      }
      if (suffixStart < end) {
        suffixes = suffixes == null ? new Spans(4) : suffixes;
        suffixes.add(suffixStart, end);
        end = suffixStart;
      }
    }
    if (start < end) {
      splitMiddle(text, start, end, tokens);
    }
    for (int i = suffixes == null ? -1 : suffixes.size() - 1; i >= 0; i--) {
      tokens.add(suffixes.start(i), suffixes.end(i));
    }
  }

  private boolean isSpecial(String text, int from, int to) {
    return specialCases.get(text, from, to) != null;
  }

  private void splitMiddle(String text, int from, int to, Spans tokens) {
    int[] lengths = specialCases.get(text, from, to);
    if (lengths != null) {
      tokens.addAdjacent(from, lengths);
    } else if (urls.matches(text, from, to)) {
      tokens.add(from, to);
    } else {
      splitAtInfixes(text, from, to, tokens);
    }
  }

  private void splitAtInfixes(String text, int from, int to, Spans tokens) {
    int start = from;
    int at = from;
    while (at < to) {
      int end = affixes.endOfInfix(text, at, from, to);
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
    return affixes.endOfPrefix(text, 0, to) > 0
        || affixes.startOfSuffix(text, 0, to) < to
        || hasInfix(text);
  }

  private boolean hasInfix(String text) {
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      if (affixes.endOfInfix(text, at, 0, text.length()) != AffixRule.NO_MATCH) {
        return true;
      }
    }
    return false;
  }
}
