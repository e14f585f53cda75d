package dev.valence.bench;

import dev.valence.cli.CommandFailedException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Tells an engine that computes wrongly from those that read the same model. */
final class Agreement {

  /** Probabilities in floats are the same if they differ by no more. */
  private static final double TOLERANCE = 1e-3;

  /** And in eight bits, as the golden reviews of a model. */
  private static final double INT8_TOLERANCE = 0.05;

  private Agreement() {}

  /**
   * Leaves out engines of others that score otherwise than Valence does in floats, of which eight
   * bits may be a little off.
   *
   * @param told is told what is left out
   * @return the rest, in the order of contenders
   * @throws CommandFailedException if TensorFlow scores otherwise
   */
  static Map<Contender, Figures> among(Map<Contender, Figures> measured, Consumer<String> told) {
    Map<Contender, Figures> agreeing = new EnumMap<>(Contender.class);
    measured.forEach(
        (contender, row) -> {
          if (row.isAsExpected(contender.eightBits() ? INT8_TOLERANCE : TOLERANCE)) {
            agreeing.put(contender, row);
          } else {
            told.accept(leftOut(contender, row.largestDifference()));
          }
        });
    return agreeing;
  }

  private static String leftOut(Contender contender, double difference) {
    String what =
        String.format(
            Locale.ROOT,
            "%s gives other probabilities than Valence, by up to %.4f",
            contender,
            difference);
    if (!contender.isPeer()) {
      throw new CommandFailedException(
          what + ": it is not the same model. Please report that with the model.");
    }
    return what
        + ": left out."
        + (contender.eightBits()
            ? ""
            : " PyTorch may be right with ONEDNN_MAX_CPU_ISA=AVX2 in the environment.");
  }
}
