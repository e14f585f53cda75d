package dev.valence.training;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Which layer groups learn when: the head alone at first, then one group more at a time from the
 * last one down (Howard and Ruder, 2018, section 3.3), or all at once.
 *
 * @param frozen epochs of the head alone
 * @param each epochs from one group to the next; 0 unfreezes all together
 * @param groups number of groups below the head: the LSTM's layers and the embedding
 */
record Unfreezing(double frozen, double each, int groups) {

  static Unfreezing of(Hyperparameters numbers) {
    return new Unfreezing(numbers.frozen(), numbers.unfreeze(), numbers.nl() + 1);
  }

  /** How many groups below the head learn at a time in epochs. */
  int depth(double time) {
    if (time < frozen) {
      return 0;
    }
    return each == 0 ? groups : (int) Math.min(groups, 1 + Math.floor((time - frozen) / each));
  }

  /** The depths that come up, the full one in any case. */
  List<Integer> depths() {
    return IntStream.rangeClosed(0, groups)
        .filter(depth -> depth == groups || depth == 0 && frozen > 0 || depth > 0 && each > 0)
        .boxed()
        .toList();
  }
}
