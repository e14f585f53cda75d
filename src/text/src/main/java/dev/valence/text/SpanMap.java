package dev.valence.text;

import java.util.Map;

/** A map from short strings that is asked about pieces of a text without cutting them out. */
final class SpanMap<V> {

  private final String[] keys;
  private final Object[] values;
  private final int mask;
  private final int longestKey;

  SpanMap(Map<String, V> entries) {
    int capacity = Integer.highestOneBit(Math.max(1, entries.size()) * 4);
    keys = new String[capacity];
    values = new Object[capacity];
    mask = capacity - 1;
    longestKey = entries.keySet().stream().mapToInt(String::length).max().orElse(0);
    entries.forEach(this::put);
  }

  /** The value of {@code text[from, to)}, or null. */
  V get(String text, int from, int to) {
    int length = to - from;
    if (length > longestKey) {
      return null;
    }
    int slot = hash(text, from, to) & mask;
    while (keys[slot] != null) {
      if (keys[slot].length() == length && text.startsWith(keys[slot], from)) {
        @SuppressWarnings("unchecked")
        V value = (V) values[slot];
        return value;
      }
      slot = (slot + 1) & mask;
    }
    return null;
  }

  private void put(String key, V value) {
    int slot = hash(key, 0, key.length()) & mask;
    while (keys[slot] != null) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    values[slot] = value;
  }

  private static int hash(String text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash ^ (hash >>> 15);
  }
}
