package dev.valence.stream.page;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** How many reviews got each label, in the latest few minutes, by the time. Not thread-safe. */
final class LabelSeries {

  /** Length of one step in milliseconds. */
  static final long STEP_MILLIS = 5_000;

  /** Five minutes in all. */
  static final int STEPS = 60;

  private final Map<String, int[]> counts = new TreeMap<>();
  private long newest;

  /**
   * @param now wall-clock milliseconds
   */
  void add(String label, long now) {
    advance(now);
    counts.computeIfAbsent(label, none -> new int[STEPS])[slot(newest)]++;
  }

  /** All labels together. */
  long total(long now) {
    advance(now);
    return counts.values().stream().flatMapToInt(Arrays::stream).asLongStream().sum();
  }

  /** The counts of each label by step, the oldest step first, the current one last. */
  Map<String, int[]> counts(long now) {
    advance(now);
    Map<String, int[]> ordered = new TreeMap<>();
    counts.forEach(
        (label, ring) -> {
          int[] steps = new int[STEPS];
          for (int i = 0; i < STEPS; i++) {
            steps[i] = ring[slot(newest - STEPS + 1 + i)];
          }
          ordered.put(label, steps);
        });
    return ordered;
  }

  private void advance(long now) {
    long step = now / STEP_MILLIS;
    for (long next = Math.max(newest + 1, step - STEPS + 1); next <= step; next++) {
      for (int[] ring : counts.values()) {
        ring[slot(next)] = 0;
      }
    }
    newest = Math.max(newest, step);
  }

  private static int slot(long step) {
    return Math.floorMod(step, STEPS);
  }
}
