package dev.valence.bench;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much faster one contender is than another, and how much it should be.
 *
 * @param figures by contender
 */
record Ratios(Map<Contender, Figures> figures) {

  /**
   * A ratio that is asked for.
   *
   * @param goal the least that is good, or null where there is none
   */
  private record Asked(Contender above, Contender below, Double goal) {
    String name() {
      return above.key() + "/" + below.key();
    }
  }

  private static final List<Asked> ASKED =
      List.of(
          new Asked(Contender.B, Contender.A, null),
          new Asked(Contender.C, Contender.B, null),
          new Asked(Contender.D_FP32, Contender.C, null),
          new Asked(Contender.D_FP32, Contender.A, 0.75),
          new Asked(Contender.D_INT8, Contender.D_FP32, 2.2),
          new Asked(Contender.E_FP32, Contender.D_FP32, 0.95),
          new Asked(Contender.E_INT8, Contender.D_INT8, 0.95),
          new Asked(Contender.E_FP32, Contender.F, 5.0),
          new Asked(Contender.E_INT8, Contender.F, 5.0),
          new Asked(Contender.D_FP32, Contender.TORCH, 1.0),
          new Asked(Contender.D_FP32, Contender.ONNX, 1.0),
          new Asked(Contender.D_INT8, Contender.ONNX_INT8, 1.0));

  Ratios {
    figures = new EnumMap<>(figures);
  }

  /** Those of which both sides were measured, by name. */
  Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Asked asked : ASKED) {
      Double ratio = ratio(asked.above(), asked.below());
      if (ratio != null) {
        values.put(asked.name(), ratio);
      }
    }
    return values;
  }

  /** The least that is good, by name. */
  static Map<String, Double> goals() {
    Map<String, Double> goals = new LinkedHashMap<>();
    ASKED.stream()
        .filter(asked -> asked.goal() != null)
        .forEach(asked -> goals.put(asked.name(), asked.goal()));
    return goals;
  }

  /** A contender against its neighbour in the table; null if one of them was not measured. */
  Double toNeighbour(Contender contender) {
    for (Contender other : Contender.values()) {
      if (other.key().equals(contender.neighbour())) {
        return ratio(contender, other);
      }
    }
    return null;
  }

  private Double ratio(Contender above, Contender below) {
    Figures one = figures.get(above);
    Figures other = figures.get(below);
    return one == null || other == null ? null : one.ratioTo(other);
  }
}
