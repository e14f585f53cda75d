package dev.valence.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How much faster one contender is than another, and how much it should be.
 *
 * @param rounds figures by contender, of each round
 */
record Ratios(List<Map<Contender, Figures>> rounds) {

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
    rounds = List.copyOf(rounds);
  }

  /** Those of which both sides were measured, by name; each of all rounds. */
  Map<String, List<Double>> ofRounds() {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    for (Asked asked : ASKED) {
      List<Double> ratios = ofRounds(asked.above(), asked.below());
      if (!ratios.isEmpty()) {
        values.put(asked.name(), ratios);
      }
    }
    return values;
  }

  /** The medians of {@link #ofRounds()}. */
  Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    ofRounds().forEach((name, ratios) -> values.put(name, Figures.median(ratios)));
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

  /**
   * A contender against its neighbour in the table; null if it has none or one was not measured.
   */
  Double toNeighbour(Contender contender) {
    if (contender.neighbour() == null) {
      return null;
    }
    List<Double> ratios = ofRounds(contender, contender.neighbour());
    return ratios.isEmpty() ? null : Double.valueOf(Figures.median(ratios));
  }

  private List<Double> ofRounds(Contender above, Contender below) {
    return rounds.stream()
        .filter(figures -> figures.containsKey(above) && figures.containsKey(below))
        .map(figures -> figures.get(above).ratioTo(figures.get(below)))
        .filter(Objects::nonNull)
        .toList();
  }
}
