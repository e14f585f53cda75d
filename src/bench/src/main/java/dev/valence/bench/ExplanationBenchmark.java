package dev.valence.bench;

import dev.valence.model.BatchPlanner;
import dev.valence.model.Contribution;
import dev.valence.model.Explainer;
import dev.valence.model.ReviewScorer;
import dev.valence.model.SentimentModel;
import dev.valence.text.EncodedReview;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Whether explanations are true: takes the words away that an explanation names as speaking most
 * for a review's label, looks what the label loses, and compares that with as many words drawn at
 * random. And what an explanation costs beside the score.
 *
 * <pre>{@code
 * mvn -q -pl src/bench -am package -DskipTests
 * java -cp src/bench/target/classes:$(cat src/bench/target/classpath.txt) \
 *     dev.valence.bench.ExplanationBenchmark src/model/bundled/imdb/9 reviews 5 8 32 64
 * }</pre>
 */
public final class ExplanationBenchmark {

  private static final int DRAWS = 3;
  private static final double LEAST = 1e-6;

  private final SentimentModel model;
  private final BatchPlanner planner = new BatchPlanner();
  private final ReviewScorer scorer;
  private final List<String> reviews;
  private final List<EncodedReview> encoded;
  private final float[][] whole;
  private final int words;

  private ExplanationBenchmark(SentimentModel model, List<String> reviews, int words) {
    this.model = model;
    this.scorer = new ReviewScorer(model, planner);
    this.reviews = reviews;
    this.words = words;
    this.encoded = reviews.stream().map(model.textPipeline()::encode).toList();
    this.whole = probabilities(encoded);
  }

  /**
   * Runs it.
   *
   * @param arguments a model's directory; a directory of texts, or a file with a review a line; how
   *     many words to take away; and how many runs an explanation may take, once or more often
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 4) {
      System.err.println("arguments: MODEL REVIEWS WORDS RUNS...");
      System.exit(2);
    }
    int words = Integer.parseInt(arguments[2]);
    try (SentimentModel model = SentimentModel.load(Path.of(arguments[0]))) {
      List<String> reviews =
          Reviews.read(arguments[1]).stream()
              .filter(text -> model.textPipeline().encode(text).tokens() >= 2 * words)
              .toList();
      ExplanationBenchmark benchmark = new ExplanationBenchmark(model, reviews, words);
      benchmark.print(
          Arrays.stream(arguments).skip(3).mapToInt(Integer::parseInt).boxed().toList());
    }
  }

  private void print(List<Integer> runs) {
    long start = System.nanoTime();
    scorer.score(encoded);
    double scoring = (System.nanoTime() - start) / 1e9;
    double[] random = losses(drawn(new Random(7)));
    System.out.printf(
        Locale.ROOT,
        "%d reviews, %.0f tokens on average, %d words taken away; scoring all: %.1f s%n",
        reviews.size(),
        encoded.stream().mapToInt(EncodedReview::tokens).average().orElseThrow(),
        words,
        scoring);
    System.out.printf(
        Locale.ROOT,
        "%-14s %10s %10s %12s %10s%n",
        "words",
        "log-odds",
        "flipped",
        "beats draw",
        "cost");
    System.out.printf(
        Locale.ROOT,
        "%-14s %10.2f %9.1f%%%n",
        "at random",
        Arrays.stream(random).average().orElseThrow(),
        100 * flipped(drawn(new Random(7))));
    for (int most : runs) {
      long begin = System.nanoTime();
      Explainer explainer = Explainer.withRuns(model, planner, most);
      List<List<Contribution>> explanations = reviews.stream().map(explainer::explain).toList();
      double seconds = (System.nanoTime() - begin) / 1e9;
      List<EncodedReview> without =
          IntStream.range(0, reviews.size())
              .mapToObj(review -> without(review, strongest(explanations.get(review))))
              .toList();
      double[] losses = losses(without);
      long better =
          IntStream.range(0, losses.length)
              .filter(review -> losses[review] > random[review])
              .count();
      System.out.printf(
          Locale.ROOT,
          "%-14s %10.2f %9.1f%% %11.1f%% %9.1fx%n",
          most + " runs",
          Arrays.stream(losses).average().orElseThrow(),
          100 * flipped(without),
          100.0 * better / losses.length,
          seconds / scoring);
    }
  }

  /** Positions of the tokens that speak most for the label. */
  private TreeSet<Integer> strongest(List<Contribution> contributions) {
    TreeSet<Integer> positions = new TreeSet<>();
    IntStream.range(0, contributions.size())
        .boxed()
        .sorted(Comparator.comparingDouble(token -> -contributions.get(token).logOdds()))
        .limit(words)
        .forEach(positions::add);
    return positions;
  }

  /** Several draws of each review, one after the other. */
  private List<EncodedReview> drawn(Random random) {
    List<EncodedReview> drawn = new ArrayList<>();
    for (int review = 0; review < reviews.size(); review++) {
      List<Integer> all =
          new ArrayList<>(IntStream.range(0, encoded.get(review).tokens()).boxed().toList());
      for (int draw = 0; draw < DRAWS; draw++) {
        Collections.shuffle(all, random);
        drawn.add(without(review, new TreeSet<>(all.subList(0, words))));
      }
    }
    return drawn;
  }

  private EncodedReview without(int review, TreeSet<Integer> positions) {
    int[] ids = encoded.get(review).ids();
    int[] rest =
        IntStream.range(0, ids.length)
            .filter(index -> !positions.contains(index - 1))
            .map(index -> ids[index])
            .toArray();
    return new EncodedReview(rest, rest.length - 1, 0, false);
  }

  /** What the label of each review loses, in log-odds; the mean of its variants. */
  private double[] losses(List<EncodedReview> variants) {
    float[][] after = probabilities(variants);
    int each = variants.size() / reviews.size();
    double[] losses = new double[reviews.size()];
    for (int variant = 0; variant < after.length; variant++) {
      int review = variant / each;
      int label = best(whole[review]);
      losses[review] += (logOdds(whole[review][label]) - logOdds(after[variant][label])) / each;
    }
    return losses;
  }

  /** Share of the variants that get another label than their review. */
  private double flipped(List<EncodedReview> variants) {
    float[][] after = probabilities(variants);
    int each = variants.size() / reviews.size();
    return IntStream.range(0, after.length)
            .filter(variant -> best(after[variant]) != best(whole[variant / each]))
            .count()
        / (double) after.length;
  }

  private float[][] probabilities(List<EncodedReview> variants) {
    return scorer.score(variants).stream()
        .map(score -> score.probabilities())
        .toArray(float[][]::new);
  }

  private static int best(float[] probabilities) {
    int best = 0;
    for (int label = 1; label < probabilities.length; label++) {
      best = probabilities[label] > probabilities[best] ? label : best;
    }
    return best;
  }

  private static double logOdds(float probability) {
    double inside = Math.max(LEAST, Math.min(1 - LEAST, probability));
    return Math.log(inside / (1 - inside));
  }
}
