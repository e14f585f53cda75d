package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassifierGraphTest {
  private static final int WORDS = 40;
  private static final int EARLY_WORD = 30;
  private static final int LATE_WORD = 31;
  private static final String HEAD = ClassifierHead.LABEL_WEIGHTS;
  private static final Hyperparameters NUMBERS =
      Synthetic.small(Preset.SEED.classifier())
          .with(
              Map.of(
                  "em_sz",
                  "8",
                  "nh",
                  "12",
                  "head_size",
                  "4",
                  "frozen",
                  "0",
                  "wds",
                  "0",
                  "clip",
                  "1000"));

  /** Two reviews, of 20 and of 24 tokens, that differ in kind between their halves. */
  private static final List<ReviewBatches.Encoded> BATCH =
      List.of(review(20, 0), review(24, 1), review(24, 0));

  @Test
  void readsAWholeReviewThoughTheGradientGoesThroughItsEnd() {
    assertThat(firstLoss("6")).isCloseTo(firstLoss("0"), within(1e-6)).isPositive();
    assertThat(firstLoss("1")).isCloseTo(firstLoss("0"), within(1e-6));
    assertThat(firstLoss("400")).isCloseTo(firstLoss("0"), within(1e-6));
  }

  @Test
  void learnsFromTheEndOfAReviewAlone() {
    assertThat(movedBy("6", EARLY_WORD)).isZero();
    assertThat(movedBy("6", LATE_WORD)).isPositive();
    assertThat(movedBy("0", EARLY_WORD)).isPositive();
  }

  @Test
  void readsAReviewOfNoWordsWithAWindow() {
    try (ClassifierGraph graph = graph(Map.of("max_len", "6"))) {
      List<ReviewBatches.Encoded> empty =
          List.of(new ReviewBatches.Encoded(new int[] {2}, new float[] {1, 0}));

      assertThat(graph.train(empty, NUMBERS.nl() + 1, 0.01, 1, 1)).isPositive();
    }
  }

  @Test
  void learnsFromDisturbedReviewsToo() {
    try (ClassifierGraph plain = graph(Map.of());
        ClassifierGraph sturdy = graph(Map.of("adversarial", "0.3"))) {
      double first = plain.train(BATCH, NUMBERS.nl() + 1, 0.01, 1, 1);

      assertThat(sturdy.train(BATCH, NUMBERS.nl() + 1, 0.01, 1, 1)).isEqualTo(first);
      assertThat(values(sturdy, HEAD)).isNotEqualTo(values(plain, HEAD));
    }
  }

  @Test
  void learnsToKeepItsOutputsSmallAndSteady() {
    try (ClassifierGraph plain = graph(Map.of("alpha", "0", "beta", "0"));
        ClassifierGraph calm = graph(Map.of("alpha", "2", "beta", "1"))) {
      double first = plain.train(BATCH, NUMBERS.nl() + 1, 0.01, 1, 1);

      assertThat(calm.train(BATCH, NUMBERS.nl() + 1, 0.01, 1, 1)).isEqualTo(first);
      assertThat(values(calm, HEAD)).isEqualTo(values(plain, HEAD));
      assertThat(values(calm, "lstm.1.hidden")).isNotEqualTo(values(plain, "lstm.1.hidden"));
    }
  }

  @Test
  void judgesByTheAverageOfItsWeights() {
    try (ClassifierGraph raw = graph(Map.of());
        ClassifierGraph averaged = graph(Map.of("ema", "0.75"))) {
      float[] expected = values(raw, HEAD);
      for (int step = 1; step <= 40; step++) {
        raw.train(BATCH, NUMBERS.nl() + 1, 0.01, step, step);
        averaged.train(BATCH, NUMBERS.nl() + 1, 0.01, step, step);
        float[] now = values(raw, HEAD);
        double kept = Math.min(0.75, step / (step + 9.0));
        for (int i = 0; i < expected.length; i++) {
          expected[i] += (float) ((1 - kept) * (now[i] - expected[i]));
        }
      }

      assertThat(values(averaged, HEAD)).containsExactly(expected, within(1e-5f));
      assertThat(values(raw, HEAD)).isNotEqualTo(values(averaged, HEAD));
      try (ClassifierGraph judge =
          new ClassifierGraph(NUMBERS, averaged.parameters(), 1, 1, Device.CPU)) {
        float[] logits = averaged.logits(BATCH)[1];
        assertThat(judge.logits(BATCH)[1]).containsExactly(logits, within(1e-5f));
        assertThat(raw.logits(BATCH)[1]).isNotEqualTo(logits);
      }
    }
  }

  private static float[] values(ClassifierGraph graph, String name) {
    return graph.parameters().byName().get(name).values();
  }

  private static double firstLoss(String maxLen) {
    try (ClassifierGraph graph = graph(Map.of("max_len", maxLen))) {
      return graph.train(BATCH, NUMBERS.nl() + 1, 0.01, 1, 1);
    }
  }

  /** How far one step moves a word's embedding. */
  private static double movedBy(String maxLen, int word) {
    try (ClassifierGraph graph = graph(Map.of("max_len", maxLen))) {
      float[] before = embedding(graph, word);
      graph.train(BATCH, NUMBERS.nl() + 1, 0.01, 1, 1);
      float[] after = embedding(graph, word);
      double moved = 0;
      for (int i = 0; i < before.length; i++) {
        moved += Math.abs(after[i] - before[i]);
      }
      return moved;
    }
  }

  private static float[] embedding(ClassifierGraph graph, int word) {
    float[] table = values(graph, Parameters.EMBEDDING);
    return Arrays.copyOfRange(table, word * NUMBERS.emSz(), (word + 1) * NUMBERS.emSz());
  }

  private static ClassifierGraph graph(Map<String, String> replaced) {
    Hyperparameters numbers = NUMBERS.with(replaced);
    Parameters weights = Classifier.fresh(numbers, WORDS, 2);
    Parameters.Array one =
        new Parameters.Array(new long[] {3 * numbers.emSz()}, filled(3 * numbers.emSz()));
    return new ClassifierGraph(
        numbers, weights.with(new Parameters(Map.of(ClassifierHead.SCALE, one))), 1, 1, Device.CPU);
  }

  private static float[] filled(int size) {
    float[] ones = new float[size];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static ReviewBatches.Encoded review(int length, int label) {
    int[] ids = new int[length];
    Arrays.setAll(ids, t -> t == 0 ? 2 : t < 10 ? EARLY_WORD : t > 15 ? LATE_WORD : 3 + t);
    return new ReviewBatches.Encoded(ids, new float[] {1 - label, label});
  }
}
