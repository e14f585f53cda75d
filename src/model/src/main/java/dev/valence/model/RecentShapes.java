package dev.valence.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Remembers the shapes of the last batches, so that the next version of the model can be warmed up
 * at them. Safe for use by many threads.
 */
public final class RecentShapes {

  private final int capacity;
  private final Deque<BatchShape> shapes = new ArrayDeque<>();

  /**
   * @param capacity positive; how many batches are remembered
   */
  public RecentShapes(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be positive: " + capacity);
    }
    this.capacity = capacity;
  }

  /** A batch had this shape. */
  public synchronized void add(BatchShape shape) {
    if (shapes.size() == capacity) {
      shapes.removeFirst();
    }
    shapes.addLast(shape);
  }

  /** The shapes of the remembered batches, each once, oldest first. */
  public synchronized List<BatchShape> distinct() {
    Set<BatchShape> once = new LinkedHashSet<>(shapes);
    return List.copyOf(once);
  }
}
