package dev.valence.training;

import java.util.random.RandomGenerator;

/**
 * Draws an id with the probability {@code softmax(logits / temperature)}.
 *
 * @param temperature 0 takes the most probable id, 1 the model at its word; above, the rare become
 *     likelier
 */
public record TemperatureSampling(double temperature) implements Sampling {
  public TemperatureSampling {
    if (!(temperature >= 0 && Double.isFinite(temperature))) {
      throw new TrainingException(
          "the temperature must be 0 or above: " + temperature + ". Try 0.8.");
    }
  }

  @Override
  public int next(float[] logits, RandomGenerator random) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[best]) {
        best = id;
      }
    }
    if (temperature == 0) {
      return best;
    }
    double[] upTo = new double[logits.length];
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      sum += Math.exp((logits[id] - logits[best]) / temperature);
      upTo[id] = sum;
    }
    double drawn = random.nextDouble() * sum;
    for (int id = 0; id < logits.length; id++) {
      if (drawn < upTo[id]) {
        return id;
      }
    }
    return best;
  }
}
