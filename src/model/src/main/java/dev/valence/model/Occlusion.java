package dev.valence.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * Takes parts of a review away and looks what becomes of its score (Zeiler and Fergus, 2014; for
 * words Li, Monroe and Jurafsky, 2016). A review of few tokens loses each in turn. A longer one
 * loses spans first; those that matter most are cut into smaller ones until each token stands alone
 * or the runs are used up, and the tokens of a span that was not cut share its effect.
 */
final class Occlusion {

  /** Fewer say nothing of a review that is longer than a line. */
  static final int LEAST_RUNS = 8;

  private static final int PARTS = 8;

  /** Keeps the odds of a certain label finite. */
  private static final double LEAST = 1e-6;

  /**
   * Consecutive tokens that were taken away together.
   *
   * @param from first token, counted from 0
   * @param to after the last token
   * @param effect what the label lost, in log-odds
   */
  private record Span(int from, int to, double effect) {
    int length() {
      return to - from;
    }
  }

  @FunctionalInterface
  interface Model {
    /** [batch][tokens] to [batch][labels]. */
    float[][] probabilities(int[][] ids);
  }

  private final Model model;
  private final BatchPlanner planner;
  private final IntUnaryOperator runs;

  /**
   * @param runs how often a review of so many tokens may be scored without some of them; {@value
   *     #LEAST_RUNS} times if that is less
   */
  Occlusion(Model model, BatchPlanner planner, IntUnaryOperator runs) {
    this.model = model;
    this.planner = planner;
    this.runs = runs;
  }

  /**
   * @param ids begin token and then at least one token
   * @return what the most probable label loses with each token, in log-odds: [tokens]
   * @throws IllegalStateException if the model gives a probability that is not a number
   */
  float[] logOdds(int[] ids) {
    float[] whole = model.probabilities(new int[][] {ids})[0];
    int label = best(whole);
    UnaryOperator<List<Span>> measure = spans -> measured(ids, label, logOdds(whole[label]), spans);

    int tokens = ids.length - 1;
    int most = Math.max(LEAST_RUNS, runs.applyAsInt(tokens));
    int first = tokens <= most ? tokens : most / 2;
    PriorityQueue<Span> strongest =
        new PriorityQueue<>(Comparator.comparingDouble((Span span) -> -Math.abs(span.effect())));
    List<Span> done = new ArrayList<>();
    keep(measure.apply(cut(0, tokens, first)), strongest, done);
    int left = most - first;
    while (left > 1 && !strongest.isEmpty()) {
      Span span = strongest.remove();
      int parts = Math.min(Math.min(PARTS, left), span.length());
      keep(measure.apply(cut(span.from(), span.to(), parts)), strongest, done);
      left -= parts;
    }
    done.addAll(strongest);
    return spread(done, tokens);
  }

  private static void keep(List<Span> spans, PriorityQueue<Span> strongest, List<Span> done) {
    spans.forEach(span -> (span.length() > 1 ? strongest : done).add(span));
  }

  private static float[] spread(List<Span> spans, int tokens) {
    float[] effects = new float[tokens];
    for (Span span : spans) {
      Arrays.fill(effects, span.from(), span.to(), (float) (span.effect() / span.length()));
    }
    return effects;
  }

  /** Nearly equal parts; their effect is not known yet. */
  private static List<Span> cut(int from, int to, int parts) {
    List<Span> spans = new ArrayList<>(parts);
    for (int part = 0; part < parts; part++) {
      int start = from + (int) ((long) (to - from) * part / parts);
      int end = from + (int) ((long) (to - from) * (part + 1) / parts);
      spans.add(new Span(start, end, Double.NaN));
    }
    return spans;
  }

  private List<Span> measured(int[] ids, int label, double whole, List<Span> spans) {
    int[][] variants =
        spans.stream()
            .map(span -> without(ids, span.from() + 1, span.to() + 1))
            .toArray(int[][]::new);
    int[] lengths = Arrays.stream(variants).mapToInt(variant -> variant.length).toArray();
    Span[] measured = new Span[variants.length];
    for (int[] batch : planner.plan(lengths)) {
      int[][] rows = Arrays.stream(batch).mapToObj(row -> variants[row]).toArray(int[][]::new);
      float[][] probabilities = model.probabilities(rows);
      for (int row = 0; row < batch.length; row++) {
        Span span = spans.get(batch[row]);
        double effect = whole - logOdds(probabilities[row][label]);
        measured[batch[row]] = new Span(span.from(), span.to(), effect);
      }
    }
    return List.of(measured);
  }

  private static int[] without(int[] ids, int from, int to) {
    int[] rest = Arrays.copyOf(ids, ids.length - (to - from));
    System.arraycopy(ids, to, rest, from, ids.length - to);
    return rest;
  }

  private static int best(float[] probabilities) {
    int best = 0;
    for (int label = 1; label < probabilities.length; label++) {
      best = probabilities[label] > probabilities[best] ? label : best;
    }
    return best;
  }

  private static double logOdds(float probability) {
    if (!Float.isFinite(probability)) {
      throw new IllegalStateException("the model gave the probability " + probability);
    }
    double inside = Math.max(LEAST, Math.min(1 - LEAST, probability));
    return Math.log(inside / (1 - inside));
  }
}
