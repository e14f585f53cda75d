package dev.valence.model;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Who is read side by side, chunk by chunk. A review that has ended gives its seat to the next one;
 * when none is left to sit down, the one in the last seat moves up.
 */
final class ChunkSeats {

  /** Most reviews side by side: more are hardly faster, and take more memory. */
  static final int MOST = 128;

  /** Where a call may read any number of steps: few are wasted, and a call costs little beside. */
  private static final int STEPS = 16;

  /** What of seats is computed at a time; in floats no more costs less for each. */
  private static final int FLOAT_ROWS = 4;

  /**
   * oneDNN prepares a product of codes for every number of rows that it meets, and works on so many
   * of them at once. Fewer are halved: a stream's last reviews are often a few.
   */
  private static final int CODE_ROWS = 8;

  /** Told when somebody moves. */
  interface Moves {
    /** The review in one seat moves to another. */
    void move(int from, int to);
  }

  private final int[] lengths;
  private final int fixedSteps;
  private final int[] reviews;
  private final int[] starts;
  private int taken;
  private int next;
  private int position;

  /**
   * The first are seated.
   *
   * @param lengths of the reviews, the longest first
   * @param fixedSteps that a call reads, or -1 for any number
   */
  ChunkSeats(int[] lengths, int fixedSteps) {
    this.lengths = lengths;
    this.fixedSteps = fixedSteps;
    this.taken = Math.min(MOST, lengths.length);
    this.next = taken;
    this.reviews = new int[taken];
    Arrays.setAll(reviews, seat -> seat);
    this.starts = new int[taken];
  }

  /** Seats that somebody is in, the first ones. */
  int taken() {
    return taken;
  }

  /** Seats that are computed: those that are taken, and some to make their number round. */
  int rows() {
    int round = fixedSteps > 0 ? CODE_ROWS : FLOAT_ROWS;
    int enough =
        taken > round
            ? (taken + round - 1) / round * round
            : taken == 1 ? 1 : 2 * Integer.highestOneBit(taken - 1);
    return Math.min(reviews.length, enough);
  }

  /** Steps that the next call reads. */
  int steps() {
    if (fixedSteps > 0) {
      return fixedSteps;
    }
    int longest = 0;
    for (int seat = 0; seat < taken; seat++) {
      longest = Math.max(longest, lengths[reviews[seat]] - read(seat));
    }
    return Math.min(STEPS, longest);
  }

  /** Steps of all calls before. */
  int position() {
    return position;
  }

  /** Who sits there. */
  int review(int seat) {
    return reviews[seat];
  }

  /** How much of it has been read. */
  int read(int seat) {
    return position - starts[seat];
  }

  /** Positions at which the reviews of the rows end; those of empty seats have ended. */
  int[] ends() {
    int[] ends = new int[rows()];
    for (int seat = 0; seat < taken; seat++) {
      ends[seat] = starts[seat] + lengths[reviews[seat]];
    }
    return ends;
  }

  /**
   * A call has been made.
   *
   * @param ended is told each seat whose review has ended, before anybody moves into it
   * @param moves is told who moves
   * @param seated is told each seat that a new review sits down in
   */
  void advance(IntConsumer ended, Moves moves, IntConsumer seated) {
    position += steps();
    for (int seat = taken - 1; seat >= 0; seat--) {
      if (read(seat) < lengths[reviews[seat]]) {
        continue;
      }
      ended.accept(seat);
      if (next < lengths.length) {
        reviews[seat] = next++;
        starts[seat] = position;
        seated.accept(seat);
      } else {
        taken--;
        if (seat < taken) {
          reviews[seat] = reviews[taken];
          starts[seat] = starts[taken];
          moves.move(taken, seat);
        }
      }
    }
  }
}
