package dev.valence.text;

import java.util.BitSet;

/** A set of Unicode code points: what stands between the brackets of a character class. */
final class CodePointSet {

  private final BitSet points;

  CodePointSet(BitSet points) {
    this.points = (BitSet) points.clone();
  }

  boolean contains(int codePoint) {
    return points.get(codePoint);
  }

  BitSet points() {
    return (BitSet) points.clone();
  }
}
