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

  /** Told when somebody moves. */
  interface Moves {
    /** The review in one seat moves to another. */
    void move(int from, int to);
  }

  private final int[] lengths;
  private final ChunkSizes sizes;
  private final int[] reviews;
  private final int[] starts;
  private int taken;
  private int next;
  private int position;

  /**
   * The first are seated.
   *
   * @param lengths of the reviews, the longest first
   * @param sizes of what a call reads
   */
  ChunkSeats(int[] lengths, ChunkSizes sizes) {
    this.lengths = lengths;
    this.sizes = sizes;
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
    return sizes.rows(taken, reviews.length);
  }

  /** Steps that the next call reads. */
  int steps() {
    int shortest = Integer.MAX_VALUE;
    int longest = 0;
    for (int seat = 0; seat < taken; seat++) {
      int left = lengths[reviews[seat]] - read(seat);
      shortest = Math.min(shortest, left);
      longest = Math.max(longest, left);
    }
    return sizes.steps(shortest, longest);
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
