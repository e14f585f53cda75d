package dev.valence.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds special cases that the affix rules have torn to pieces, such as {@code :} and {@code )},
 * and puts their own tokens in the pieces' place. The longest sequence comes first, then the
 * leftmost; one that is rejected because it overlaps, or because it has blanks in it, still keeps
 * others off its tokens.
 *
 * <p>Follows {@code Tokenizer._apply_special_cases} of spaCy 3.8.
 */
final class SpecialSequences {

  private final SpanMap<Node> roots;
  private final SpanMap<int[]> specialCases;
  private final int longest;

  /** Where a sequence of tokens has led. */
  private static final class Node {
    private final Map<String, Node> children = new HashMap<>();
    private SpanMap<Node> next;
    private boolean complete;

    void freeze() {
      children.values().forEach(Node::freeze);
      next = new SpanMap<>(children);
    }
  }

  /**
   * @param sequences the tokens that the affix rules make of each special case they cut
   * @param specialCases lengths of a special case's tokens, by its text
   */
  SpecialSequences(List<List<String>> sequences, SpanMap<int[]> specialCases) {
    Node root = new Node();
    for (List<String> sequence : sequences) {
      Node node = root;
      for (String token : sequence) {
        node = node.children.computeIfAbsent(token, t -> new Node());
      }
      node.complete = true;
    }
    root.freeze();
    this.roots = root.next;
    this.specialCases = specialCases;
    this.longest = sequences.stream().mapToInt(List::size).max().orElse(0);
  }

  /** The tokens with special cases put together; the same object if there are none. */
  Spans restore(String text, Spans tokens) {
    // At n - 1 the sequences of n tokens, as spans of token indices.
    Spans[] matches = null;
    for (int first = 0; first < tokens.size(); first++) {
      Node node = roots.get(text, tokens.start(first), tokens.end(first));
      int next = first + 1;
      while (node != null) {
        if (node.complete) {
          if (matches == null) {
            matches = new Spans[longest];
          }
          int slot = next - first - 1;
          if (matches[slot] == null) {
            matches[slot] = new Spans(8);
          }
          matches[slot].add(first, next);
        }
        node =
            next < tokens.size() ? node.next.get(text, tokens.start(next), tokens.end(next)) : null;
        next++;
      }
    }
    return matches == null ? tokens : replace(text, tokens, choose(matches, tokens.size()));
  }

  /** For each token the end of the sequence that begins with it, 0 if none was chosen. */
  private static int[] choose(Spans[] matches, int size) {
    int[] chosen = new int[size];
    boolean[] taken = new boolean[size];
    for (int slot = matches.length - 1; slot >= 0; slot--) {
      for (int i = 0; matches[slot] != null && i < matches[slot].size(); i++) {
        int first = matches[slot].start(i);
        int end = matches[slot].end(i);
        if (!taken[first] && !taken[end - 1]) {
          chosen[first] = end;
        }
        Arrays.fill(taken, first, end, true);
      }
    }
    return chosen;
  }

  private Spans replace(String text, Spans tokens, int[] chosen) {
    Spans restored = new Spans(tokens.size() + 8);
    int i = 0;
    while (i < tokens.size()) {
      int end = Math.max(chosen[i], i + 1);
      int start = tokens.start(i);
      int[] lengths = chosen[i] == 0 ? null : specialCases.get(text, start, tokens.end(end - 1));
      if (lengths != null) {
        restored.addAdjacent(start, lengths);
        i = end;
      } else {
        while (i < end) {
          restored.add(tokens.start(i), tokens.end(i));
          i++;
        }
      }
    }
    return restored;
  }
}
