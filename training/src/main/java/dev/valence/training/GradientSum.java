package dev.valence.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The gradients of weights that enter a loss in several ways, for instance once in each tower. */
final class GradientSum {
  private final Ops tf;
  private final Map<String, List<Operand<TFloat32>>> parts = new LinkedHashMap<>();

  GradientSum(Ops tf) {
    this.tf = tf;
  }

  /** Adds a part of the gradient of a weight. */
  void add(String weight, Operand<TFloat32> gradient) {
    parts.computeIfAbsent(weight, unseen -> new ArrayList<>()).add(gradient);
  }

  /** Adds those of an encoder's layers. */
  void add(List<AwdLstm.Layer> layers) {
    for (int i = 0; i < layers.size(); i++) {
      add(Parameters.lstm(i, "input"), layers.get(i).input());
      add(Parameters.lstm(i, "hidden"), layers.get(i).hidden());
      add(Parameters.lstm(i, "bias"), layers.get(i).bias());
    }
  }

  /** The gradients by the names of the weights. */
  Map<String, Operand<TFloat32>> byName() {
    Map<String, Operand<TFloat32>> sums = new LinkedHashMap<>();
    parts.forEach(
        (name, list) -> sums.put(name, list.size() == 1 ? list.get(0) : tf.math.addN(list)));
    return sums;
  }
}
