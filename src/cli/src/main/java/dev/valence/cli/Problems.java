package dev.valence.cli;

import java.util.function.Consumer;

/** Counts what cannot be read, and shows the first of it: a wrong file is wrong in every line. */
final class Problems {
  private static final int SHOWN = 20;

  private final Consumer<String> lines;
  private long count;

  /**
   * @param lines takes each problem that is shown
   */
  Problems(Consumer<String> lines) {
    this.lines = lines;
  }

  /** Counts one more. */
  void add(String problem) {
    count++;
    if (count <= SHOWN) {
      lines.accept(problem);
    } else if (count == SHOWN + 1) {
      lines.accept("... and more of the kind");
    }
  }

  /** How many there were, shown or not. */
  long count() {
    return count;
  }
}
