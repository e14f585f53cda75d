package dev.valence.text;

import java.util.Arrays;

/** A growing list of spans, each with its start (inclusive) and its end (exclusive). */
final class Spans {

  private int[] starts;
  private int[] ends;
  private int size;

  Spans(int expected) {
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

  /** Adds adjacent spans: {@code lengths[0]} from {@code start} on, and so forth. */
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

  int start(int index) {
    return starts[index];
  }

  int end(int index) {
    return ends[index];
  }
}
