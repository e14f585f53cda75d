package dev.valence.text;

import java.util.Arrays;

/** Affix rules by a code point of their body, so that most characters are passed at one look. */
final class AffixTable {

  private static final int PAGE = 256;
  private static final AffixRule[] NONE = {};

  private final AffixRule[][][] pages = new AffixRule[(Character.MAX_CODE_POINT + 1) / PAGE][][];

  /** Adds a rule behind those that the code point has. */
  void add(int codePoint, AffixRule rule) {
    AffixRule[][] page = pages[codePoint / PAGE];
    if (page == null) {
      page = new AffixRule[PAGE][];
      Arrays.fill(page, NONE);
      pages[codePoint / PAGE] = page;
    }
    AffixRule[] rules = page[codePoint % PAGE];
    AffixRule[] longer = Arrays.copyOf(rules, rules.length + 1);
    longer[rules.length] = rule;
    page[codePoint % PAGE] = longer;
  }

  /** The end of the first rule's match at {@code start}, or {@link AffixRule#NO_MATCH}. */
  int endOfFirstMatch(String text, int start, int from, int to) {
    for (AffixRule rule : rules(text.codePointAt(start))) {
      int end = rule.endOfMatch(text, start, from, to);
      if (end != AffixRule.NO_MATCH) {
        return end;
      }
    }
    return AffixRule.NO_MATCH;
  }

  /** The start of the longest match that ends at {@code to}, or {@code to} if there is none. */
  int startOfLongestMatch(String text, int from, int to) {
    int longest = to;
    for (AffixRule rule : rules(text.codePointBefore(to))) {
      int start = rule.startOfMatch(text, from, to);
      if (start != AffixRule.NO_MATCH && start < longest) {
        longest = start;
      }
    }
    return longest;
  }

  private AffixRule[] rules(int codePoint) {
    AffixRule[][] page = pages[codePoint / PAGE];
    return page == null ? NONE : page[codePoint % PAGE];
  }
}
