package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizedWeightsTest {
  private static final int WORDS = 50;

  /** What VPMADDUBSW adds, 255 times two codes, has 16 bits. */
  @ParameterizedTest
  @CsvSource({"24, 40", "23, 23", "150, 151", "301, 301"})
  void addsTwoProductsInSixteenBits(String embedding, String units) {
    for (String signs : List.of("+", "+-", "+--+")) {
      Parameters weights = weights(embedding, units, signs);

      for (QuantizedWeights.Layer layer : QuantizedWeights.of(weights, 2).layers()) {
        QuantizedWeights.Codes matrix = layer.matrix();
        int stride = matrix.rows() % 4 == 0 ? 2 : 1;
        for (int row = 0; row + 1 < matrix.rows(); row += stride) {
          for (int column = 0; column < matrix.columns(); column++) {
            int two = code(matrix, row, column) + code(matrix, row + 1, column);
            assertThat(255 * two).isBetween((int) Short.MIN_VALUE, (int) Short.MAX_VALUE);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"24, 40", "150, 151"})
  void roundsByLessThanACode(String embedding, String units) {
    Parameters weights = weights(embedding, units, "+--+");

    QuantizedWeights.Layer layer = QuantizedWeights.of(weights, 2).layers().get(1);

    float[] input = weights.byName().get(Parameters.lstm(1, "input")).values();
    QuantizedWeights.Codes matrix = layer.matrix();
    for (int row = 0; row < layer.inputWidth(); row++) {
      for (int column = 0; column < matrix.columns(); column++) {
        float value = input[row * matrix.columns() + column] * layer.inputStep();
        assertThat(value / layer.steps()[column] - code(matrix, row, column))
            .isBetween(-1.001f, 1.001f);
      }
    }
  }

  private static int code(QuantizedWeights.Codes matrix, int row, int column) {
    return matrix.values()[row * matrix.columns() + column];
  }

  /** Random sizes, the largest often; in a column signs follow one another like those given. */
  private static Parameters weights(String embedding, String units, String signs) {
    Hyperparameters numbers =
        Preset.SEED.classifier().with(Map.of("em_sz", embedding, "nh", units, "nl", "2"));
    Parameters weights = Classifier.fresh(numbers, WORDS, 2);
    weights
        .byName()
        .forEach(
            (name, array) -> {
              if (name.endsWith("input") || name.endsWith("hidden")) {
                float[] values = array.values();
                int columns = Math.toIntExact(array.shape()[1]);
                for (int i = 0; i < values.length; i++) {
                  int sign = signs.charAt(i / columns % signs.length()) == '+' ? 1 : -1;
                  values[i] = sign * Math.min(0.02f, Math.abs(values[i]));
                }
              }
            });
    return weights;
  }
}
