package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.BatchPlanner;
import dev.valence.model.Contribution;
import dev.valence.model.Explainer;
import dev.valence.model.SentimentModel;
import dev.valence.text.Vocabulary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the model that comes with Valence says of its scores, with made-up reviews. */
class ExplanationTest {

  private static final int RUNS = 32;
  private static final int WORDS = 3;
  private static final int DRAWS = 10;

  private static SentimentModel model;
  private static Explainer explainer;

  @BeforeAll
  static void load() {
    model = SentimentModel.load(new ModelChoice().directory(new BundledModel().repository()));
    explainer = Explainer.withRuns(model, new BatchPlanner(), RUNS);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  static List<String> reviews() {
    return List.of(
        "We went to see it on a rainy evening, the four of us, and sat in the third row. The plot"
            + " takes its time in the harbour, then moves inland. It is a wonderful film, and the"
            + " old man is superb in every scene that he has. On the way home we talked about it.",
        "The kettle came in a plain box on a Tuesday. It holds a litre and a half, has a steel"
            + " handle and a lid with a hinge. After a week the switch broke, which was awful, and"
            + " the replacement was a waste of money as well. The cable is one metre long.",
        "My sister lent me the disc in spring. The story begins in a village by a lake, where two"
            + " brothers run the mill. I was bored after ten minutes, the dialogue is terrible and"
            + " the ending makes no sense at all. The music was recorded in Prague.",
        "Our teacher starts each lesson with a question on the board. We worked in pairs most of the"
            + " time, and there was a test every second week. Her explanations are excellent, and I"
            + " loved the course from the first day. The room is on the second floor.");
  }

  @ParameterizedTest
  @MethodSource("reviews")
  void theWordsThatItNamesMatterMoreThanWordsDrawnAtRandom(String text) {
    List<Contribution> words = explainer.explain(text);
    Set<Integer> named = new HashSet<>();
    IntStream.range(0, words.size())
        .boxed()
        .sorted(Comparator.comparingDouble(word -> -words.get(word).logOdds()))
        .limit(WORDS)
        .forEach(named::add);

    double atRandom = 0;
    Random random = new Random(5);
    for (int draw = 0; draw < DRAWS; draw++) {
      List<Integer> all = new ArrayList<>(IntStream.range(0, words.size()).boxed().toList());
      Collections.shuffle(all, random);
      atRandom += loss(text, Set.copyOf(all.subList(0, WORDS))) / DRAWS;
    }

    assertThat(loss(text, named)).isGreaterThan(0.5).isGreaterThan(3 * Math.abs(atRandom));
  }

  @Test
  void namesTheWordThatCarriesAReview() {
    List<Contribution> words = explainer.explain("I saw it twice with my mother. It is superb.");

    assertThat(words.stream().max(Comparator.comparingDouble(Contribution::logOdds)))
        .hasValueSatisfying(word -> assertThat(word.token()).isEqualTo("superb"));
  }

  /** What the label of the whole review loses without these tokens, in log-odds. */
  private static double loss(String text, Set<Integer> tokens) {
    int[] ids = model.textPipeline().encode(text).ids();
    assertThat(ids[0]).isEqualTo(Vocabulary.BEGIN_ID);
    int[] rest =
        IntStream.range(0, ids.length)
            .filter(index -> !tokens.contains(index - 1))
            .map(index -> ids[index])
            .toArray();
    float[] whole = model.probabilities(new int[][] {ids})[0];
    int label = whole[0] > whole[1] ? 0 : 1;
    return logOdds(whole[label]) - logOdds(model.probabilities(new int[][] {rest})[0][label]);
  }

  private static double logOdds(double probability) {
    return Math.log(probability / (1 - probability));
  }
}
