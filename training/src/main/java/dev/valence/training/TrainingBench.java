package dev.valence.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Measures how fast the language model learns here, against how fast the machine multiplies
 * matrices. The text is made up: words as frequent as one by their rank (Zipf's law).
 */
public final class TrainingBench {
  private static final int WARM_UP = 3;
  private static final int ROUNDS = 5;
  private static final double NANOS = 1e9;

  private final Hyperparameters numbers;
  private final int towers;
  private final int vocabulary;

  /**
   * @param towers branches, one a core
   * @param vocabulary number of words, at least 10
   */
  public TrainingBench(Hyperparameters numbers, int towers, int vocabulary) {
    if (vocabulary < 10) {
      throw new TrainingException("too few words: " + vocabulary + ". Give at least 10.");
    }
    this.numbers = numbers;
    this.towers = towers;
    this.vocabulary = vocabulary;
  }

  /**
   * What was measured. FLOP are those of the matrix products of LSTM and softmax alone, a
   * multiplication with its addition being two, the gradient twice the reading.
   *
   * @param towers branches, one a core
   * @param matMulOneCore bare product of single precision on one core, the best, in FLOP/s
   * @param matMul the same on all the towers' cores
   * @param tokensPerSecond median of the steps
   * @param flopPerSecond median of the steps
   * @param ratio of {@code flopPerSecond} to {@code matMul}
   * @param candidates that the softmax scored, mean of the steps
   */
  public record Figures(
      int towers,
      double matMulOneCore,
      double matMul,
      double tokensPerSecond,
      double flopPerSecond,
      double ratio,
      double candidates) {}

  /**
   * Measures.
   *
   * @param steps that are timed, at least 1
   */
  public Figures measure(int steps) {
    if (steps < 1) {
      throw new TrainingException("no steps to time: " + steps + ". Give at least 1.");
    }
    double oneCore = MatMulPeak.measure(numbers, 1, ROUNDS);
    double peak = towers == 1 ? oneCore : MatMulPeak.measure(numbers, towers, ROUNDS);
    double[] tokens = new double[steps];
    double[] flop = new double[steps];
    double candidates = 0;

    int rows = (steps + WARM_UP) * (2 * numbers.bptt() + 50);
    List<int[]> text = text(rows);
    LanguageModelBatches.Epoch columns =
        new LanguageModelBatches(text, numbers.bs(), numbers.bptt(), numbers.seed()).epoch(0);
    CandidateSampler sampler = new CandidateSampler(counts(text), numbers.candidates());
    Parameters fresh = Parameters.languageModel(numbers, vocabulary);
    try (LanguageModelGraph graph = new LanguageModelGraph(numbers, fresh, vocabulary, towers)) {
      int start = 0;
      for (int step = 0; step < WARM_UP + steps; step++) {
        int length = columns.lengths()[step];
        long began = System.nanoTime();
        LanguageModelGraph.Step done =
            graph.train(columns, start, length, sampler, numbers.lr(), step + 1L);
        double seconds = (System.nanoTime() - began) / NANOS;
        start += length;
        if (step >= WARM_UP) {
          long read = (long) length * numbers.bs();
          tokens[step - WARM_UP] = read / seconds;
          flop[step - WARM_UP] = read * flopPerToken(done.candidates()) / seconds;
          candidates += done.candidates();
        }
      }
    }
    peak = Math.max(peak, MatMulPeak.measure(numbers, towers, ROUNDS));
    oneCore = towers == 1 ? peak : oneCore;
    double median = median(flop);
    return new Figures(
        towers, oneCore, peak, median(tokens), median, median / peak, candidates / steps);
  }

  private double flopPerToken(int candidates) {
    int[] widths = numbers.widths();
    double products = (double) candidates * numbers.emSz();
    for (int layer = 0; layer < numbers.nl(); layer++) {
      products += (widths[layer] + widths[layer + 1]) * 4.0 * widths[layer + 1];
    }
    return 6 * products;
  }

  private List<int[]> text(int rows) {
    double[] upTo = new double[vocabulary];
    double sum = 0;
    for (int rank = 0; rank < vocabulary; rank++) {
      sum += 1.0 / (rank + 1);
      upTo[rank] = sum;
    }
    SplittableRandom random = new SplittableRandom(numbers.seed());
    List<int[]> columns = new ArrayList<>();
    for (int column = 0; column < numbers.bs(); column++) {
      int[] ids = new int[rows];
      for (int row = 0; row < rows; row++) {
        int at = Arrays.binarySearch(upTo, random.nextDouble() * sum);
        ids[row] = Math.min(vocabulary - 1, at < 0 ? -at - 1 : at);
      }
      columns.add(ids);
    }
    return columns;
  }

  private long[] counts(List<int[]> text) {
    long[] counts = new long[vocabulary];
    text.forEach(ids -> Arrays.stream(ids).forEach(id -> counts[id]++));
    return counts;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
