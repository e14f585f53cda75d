package dev.valence.training;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A classifier's encoder in eight bits: {@code weight = code * step}, codes from -127 to 127.
 *
 * <p>What an LSTM gives lies between -1 and 1, and on real reviews fills that range (0.98 to 0.998
 * in every layer of an IMDB model), so the range of a layer's activations is its bound, not an
 * estimate. The embedding's range is that of its own table. A matrix has a step for each of its
 * columns, large enough that its products are exact on processors without VNNI, too.
 *
 * <p>Weights are rounded at random, up as often as they are near the upper code (Gupta et al.,
 * "Deep Learning with Limited Numerical Precision", ICML 2015, section 3.1). To the nearest code, a
 * classifier that went on from an exported one for a few steps would lose what it learned: its
 * weights lie on those codes but for moves of less than half a step. The same weights are always
 * rounded alike.
 *
 * @param embedding codes {@code [vocabulary, width 0]}
 * @param embeddingStep value of one code of the embedding
 * @param layers from the bottom
 */
record QuantizedWeights(Codes embedding, float embeddingStep, List<Layer> layers) {
  /** Largest code of a value whose code may be of either sign. */
  static final int LARGEST = 127;

  /** What is added to a code to have none below zero: 128, since that turns one bit. */
  static final int ZERO = 128;

  /** One code of an LSTM's output. */
  static final float ACTIVATION_STEP = 1f / LARGEST;

  private static final long SEED = 1;

  /** Row-major codes of a matrix. */
  record Codes(int rows, int columns, byte[] values) {}

  /**
   * What is multiplied by a layer's inputs and its own last outputs, one below the other, all of
   * them codes.
   *
   * @param inputWidth rows that belong to the inputs
   * @param inputStep value of one code of the inputs
   * @param matrix {@code [width in + width, 4 * width]}, gates in the order i, f, c, o
   * @param steps value that a product of two codes adds to a gate {@code [4 * width]}
   * @param bias {@code [4 * width]}
   */
  record Layer(int inputWidth, float inputStep, Codes matrix, float[] steps, float[] bias) {
    int width() {
      return matrix.columns() / 4;
    }

    /**
     * The bias less what {@link #ZERO}, added to the code of each input, adds to a gate.
     *
     * @return {@code [4 * width]}
     */
    float[] biasOfUnsigned() {
      float[] shifted = new float[bias.length];
      for (int column = 0; column < shifted.length; column++) {
        int sum = 0;
        for (int row = 0; row < matrix.rows(); row++) {
          sum += matrix.values()[row * matrix.columns() + column];
        }
        shifted[column] = bias[column] - ZERO * sum * steps[column];
      }
      return shifted;
    }
  }

  /** Quantizes the encoder of a classifier of so many layers. */
  static QuantizedWeights of(Parameters parameters, int layers) {
    Parameters.Array table = parameters.byName().get(Parameters.EMBEDDING);
    float step = step(table.values());
    int columns = Math.toIntExact(table.shape()[1]);
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] codes = new byte[table.values().length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = code(table.values()[i], step, random.nextDouble());
    }
    List<Layer> stack = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      stack.add(
          layer(
              parameters.byName().get(Parameters.lstm(i, "input")),
              parameters.byName().get(Parameters.lstm(i, "hidden")),
              parameters.byName().get(Parameters.lstm(i, "bias")).values(),
              i == 0 ? step : ACTIVATION_STEP,
              random));
    }
    return new QuantizedWeights(
        new Codes(codes.length / columns, columns, codes), step, List.copyOf(stack));
  }

  private static Layer layer(
      Parameters.Array input,
      Parameters.Array hidden,
      float[] bias,
      float inputStep,
      SplittableRandom random) {
    int inputWidth = Math.toIntExact(input.shape()[0]);
    int width = Math.toIntExact(hidden.shape()[0]);
    // Column by column, each row already times the value of one code of what it multiplies.
    float[][] matrix = new float[4 * width][inputWidth + width];
    for (int column = 0; column < 4 * width; column++) {
      for (int row = 0; row < inputWidth; row++) {
        matrix[column][row] = input.values()[row * 4 * width + column] * inputStep;
      }
      for (int row = 0; row < width; row++) {
        matrix[column][inputWidth + row] =
            hidden.values()[row * 4 * width + column] * ACTIVATION_STEP;
      }
    }
    float[] steps = steps(matrix);
    return new Layer(inputWidth, inputStep, codes(matrix, steps, random), steps, bias);
  }

  private static float[] steps(float[][] columns) {
    float[] steps = new float[columns.length];
    for (int column = 0; column < steps.length; column++) {
      steps[column] = Math.max(step(columns[column]), step(pairs(columns[column])));
    }
    return steps;
  }

  /**
   * Sums of two rows, which a processor without VNNI adds first and in 16 bits (VPMADDUBSW). Where
   * they are at most 127 steps, rounded codes of one sign add to 128 at most, for rounding adds
   * less than 1 to either, and 255 times that fits. Codes of opposite signs add to less than one of
   * them.
   *
   * <p>Rows are taken by twos. Of a matrix of many rows oneDNN multiplies parts, which begin at an
   * even row for certain only where the number of rows is a multiple of four.
   */
  private static float[] pairs(float[] column) {
    int stride = column.length % 4 == 0 ? 2 : 1;
    float[] sums = new float[column.length / stride];
    for (int i = 0; i < sums.length && i * stride + 1 < column.length; i++) {
      sums[i] = column[i * stride] + column[i * stride + 1];
    }
    return sums;
  }

  private static Codes codes(float[][] columns, float[] steps, SplittableRandom random) {
    int rows = columns[0].length;
    byte[] values = new byte[rows * columns.length];
    for (int column = 0; column < columns.length; column++) {
      double up = 0;
      for (int row = 0; row < rows; row++) {
        // What one row of a pair is rounded up by, the other is not: the largest pair, which is
        // the step, stays what it is, also when the codes are rounded again.
        up = row % 2 == 0 ? random.nextDouble() : 1 - up;
        values[row * columns.length + column] = code(columns[column][row], steps[column], up);
      }
    }
    return new Codes(rows, columns.length, values);
  }

  private static float step(float[] values) {
    float largest = Float.MIN_NORMAL;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest / LARGEST;
  }

  private static byte code(float value, float step, double up) {
    double code = Math.floor(value / step + up);
    return (byte) Math.max(-LARGEST, Math.min(LARGEST, code));
  }
}
