package dev.valence.text;

import java.util.List;

/**
 * One thing that is cut off or cut out: a text, a run of one character, or a single code point, if
 * its neighbours allow it. Every method looks at {@code text[from, to)} only.
 *
 * @param body what is cut
 * @param after classes of the code points that must stand before it, in reading order
 * @param before class of the code point that must follow, null if anything may
 * @param notBefore class of the code point that must not follow, null if anything may
 */
record AffixRule(
    AffixBody body, List<CodePointSet> after, CodePointSet before, CodePointSet notBefore) {

  static final int NO_MATCH = -1;

  /** Where the match that begins at {@code start} ends, or {@link #NO_MATCH}. */
  int endOfMatch(String text, int start, int from, int to) {
    int end = body.endFrom(text, start, to);
    return end != NO_MATCH && follows(text, from, start) && precedes(text, end, to)
        ? end
        : NO_MATCH;
  }

  /** Where the match that ends at {@code to} begins, or {@link #NO_MATCH}. */
  int startOfMatch(String text, int from, int to) {
    int start = body.startFrom(text, from, to);
    return start != NO_MATCH && follows(text, from, start) && precedes(text, to, to)
        ? start
        : NO_MATCH;
  }

  private boolean follows(String text, int from, int start) {
    int at = start;
    for (int i = after.size() - 1; i >= 0; i--) {
      if (at <= from) {
        return false;
      }
      int point = text.codePointBefore(at);
      if (!after.get(i).contains(point)) {
        return false;
      }
      at -= Character.charCount(point);
    }
    return true;
  }

  private boolean precedes(String text, int end, int to) {
    if (before != null && (end >= to || !before.contains(text.codePointAt(end)))) {
      return false;
    }
    return notBefore == null || end >= to || !notBefore.contains(text.codePointAt(end));
  }
}
