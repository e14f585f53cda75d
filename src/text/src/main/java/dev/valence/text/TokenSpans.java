package dev.valence.text;

import java.util.Arrays;

/** Tokens under construction: their bounds in the text, in order. */
final class TokenSpans {

  private int[] starts;
  private int[] ends;
  private int size;

  TokenSpans(int expected) {
    starts = new int[Math.max(8, expected)];
    ends = new int[starts.length];
  }

  void add(int start, int end) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    starts[size] = start;
    ends[size++] = end;
  }

  /** Adds adjacent tokens: {@code lengths[0]} chars from {@code start}, and so on. */
  void addAdjacent(int start, int[] lengths) {
    int at = start;
    for (int length : lengths) {
      add(at, at + length);
      at += length;
    }
  }

  int size() {
    return size;
  }

  int start(int token) {
    return starts[token];
  }

  int end(int token) {
    return ends[token];
  }
}
