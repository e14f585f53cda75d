package dev.valence.training;

import dev.valence.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Measures how fast language model and classifier learn here, against how fast the machine
 * multiplies matrices. The text is made up: words as frequent as one by their rank (Zipf's law).
 */
public final class TrainingBench {
  private static final int WARM_UP = 3;
  private static final int ROUNDS = 5;
  private static final double NANOS = 1e9;

  /** FLOP of a multiplication with its addition, and with the two of its gradient. */
  private static final double READ = 2;

  private static final double LEARNED = 6;

  private static final double MEDIAN_LENGTH = 220;
  private static final double LENGTH_DEVIATION = 0.65;

  private final Hyperparameters numbers;
  private final int towers;
  private final Device device;
  private final int vocabulary;

  /**
   * @param towers branches, one a core
   * @param device that learns
   * @param vocabulary number of words, at least 10
   */
  public TrainingBench(Hyperparameters numbers, int towers, Device device, int vocabulary) {
    if (vocabulary < 10) {
      throw new TrainingException("too few words: " + vocabulary + ". Give at least 10.");
    }
    this.numbers = numbers;
    this.towers = towers;
    this.device = device;
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
   * @param candidates that the softmax scored, mean of the steps; 0 for a classifier
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
   * Measures the language model's step.
   *
   * @param steps that are timed, at least 1
   */
  public Figures measureLanguageModel(int steps) {
    return measure(steps, this::learnLanguage);
  }

  /**
   * Measures the classifier's step, all layers learning, on reviews as long as those of films are:
   * half of them have more than 220 tokens. Padding does not count as useful.
   *
   * @param steps that are timed, at least 1
   */
  public Figures measureClassifier(int steps) {
    return measure(steps, this::learnToJudge);
  }

  /** Makes so many steps and times them. */
  @FunctionalInterface
  private interface Learning {
    void steps(int steps, Times times);
  }

  private Figures measure(int steps, Learning learning) {
    if (steps < 1) {
      throw new TrainingException("no steps to time: " + steps + ". Give at least 1.");
    }
    // The first session of a process decides how many of its operations may run side by side.
    double peak = MatMulPeak.measure(numbers, towers, device, ROUNDS);
    double oneCore = towers == 1 ? peak : MatMulPeak.measure(numbers, 1, device, ROUNDS);
    Times times = new Times();
    learning.steps(WARM_UP + steps, times);
    peak = Math.max(peak, MatMulPeak.measure(numbers, towers, device, ROUNDS));
    oneCore = towers == 1 ? peak : oneCore;
    double flop = times.median(times.flop);
    return new Figures(
        towers,
        oneCore,
        peak,
        times.median(times.tokens),
        flop,
        flop / peak,
        times.candidates / steps);
  }

  /** What steps came to; the first ones do not count. */
  private static final class Times {
    private final List<Double> tokens = new ArrayList<>();
    private final List<Double> flop = new ArrayList<>();
    private double candidates;
    private int warm;

    void add(long began, double stepTokens, double stepFlop, int stepCandidates) {
      double seconds = (System.nanoTime() - began) / NANOS;
      if (warm++ >= WARM_UP) {
        tokens.add(stepTokens / seconds);
        flop.add(stepFlop / seconds);
        candidates += stepCandidates;
      }
    }

    double median(List<Double> values) {
      return values.stream().sorted().toList().get(values.size() / 2);
    }
  }

  private void learnLanguage(int steps, Times times) {
    List<int[]> text = text(steps * (2 * numbers.bptt() + 50));
    LanguageModelBatches.Epoch columns =
        new LanguageModelBatches(text, numbers.bs(), numbers.bptt(), numbers.seed()).epoch(0);
    CandidateSampler sampler = new CandidateSampler(counts(text), numbers.candidates());
    Parameters fresh = Parameters.languageModel(numbers, vocabulary);
    try (LanguageModelGraph graph =
        new LanguageModelGraph(numbers, fresh, vocabulary, towers, device)) {
      int start = 0;
      for (int step = 0; step < steps; step++) {
        int length = columns.lengths()[step];
        long began = System.nanoTime();
        LanguageModelGraph.Step done =
            graph.train(columns, start, length, sampler, numbers.lr(), step + 1L);
        start += length;
        double read = (double) length * numbers.bs();
        double softmax = (double) done.candidates() * numbers.emSz();
        times.add(began, read, read * LEARNED * (encoderProducts() + softmax), done.candidates());
      }
    }
  }

  private void learnToJudge(int steps, Times times) {
    List<List<ReviewBatches.Encoded>> batches =
        new ReviewBatches(
                reviews(2 * steps * numbers.bs()),
                numbers.bs(),
                numbers.bs() * ClassifierText.TOKENS_PER_REVIEW,
                numbers.seed())
            .epoch(0);
    Parameters fresh = Classifier.fresh(numbers, vocabulary, 2);
    try (ClassifierGraph graph =
        new ClassifierGraph(numbers, fresh, Vocabulary.PADDING_ID, towers, device)) {
      int depth = Unfreezing.of(numbers).groups();
      for (int step = 0; step < steps; step++) {
        List<ReviewBatches.Encoded> batch = batches.get(step);
        long began = System.nanoTime();
        graph.train(batch, depth, numbers.lr(), step + 1L, step + 1L);
        times.add(began, tokens(batch), flop(batch), 0);
      }
    }
  }

  private static double tokens(List<ReviewBatches.Encoded> batch) {
    return batch.stream().mapToInt(review -> review.ids().length).sum();
  }

  /** Steps before the window of {@code max_len} are read only. */
  private double flop(List<ReviewBatches.Encoded> batch) {
    int[] lengths = batch.stream().mapToInt(review -> review.ids().length).toArray();
    int window = numbers.maxLen();
    int start = window == 0 ? 0 : Math.max(1, Arrays.stream(lengths).min().orElseThrow() - window);
    double flop = 0;
    for (int length : lengths) {
      int read = Math.min(start, length);
      flop += (READ * read + LEARNED * (length - read)) * encoderProducts();
    }
    return flop;
  }

  /** Multiplications of the LSTMs for a token that is read. */
  private double encoderProducts() {
    int[] widths = numbers.widths();
    double products = 0;
    for (int layer = 0; layer < numbers.nl(); layer++) {
      products += (widths[layer] + widths[layer + 1]) * 4.0 * widths[layer + 1];
    }
    return products;
  }

  private List<ReviewBatches.Encoded> reviews(int count) {
    SplittableRandom random = new SplittableRandom(numbers.seed());
    int most = numbers.maxTokens() > 0 ? numbers.maxTokens() : Integer.MAX_VALUE;
    List<ReviewBatches.Encoded> reviews = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double length = MEDIAN_LENGTH * Math.exp(LENGTH_DEVIATION * random.nextGaussian());
      int[] ids = random.ints((long) Math.min(most, 1 + length), 0, vocabulary).toArray();
      float[] truth = new float[2];
      truth[random.nextInt(2)] = 1;
      reviews.add(new ReviewBatches.Encoded(ids, truth));
    }
    return reviews;
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
}
