package dev.valence.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelEvaluationTest {
  private static final ModelEvaluation EVALUATION =
      ModelEvaluation.of(
          Evaluation.of(
              new float[][] {{0.97f, 0.03f}, {0.55f, 0.45f}, {0.02f, 0.98f}, {0.3f, 0.7f}},
              new int[] {0, 1, 1, 0}),
          List.of(
              new ModelEvaluation.Judged(32, 0.97, true, true),
              new ModelEvaluation.Judged(33, 0.55, false, false),
              new ModelEvaluation.Judged(64, 0.98, true, true),
              new ModelEvaluation.Judged(5_000, 0.70, false, true)));

  @Test
  void tellsShortReviewsFromLongOnes() {
    assertThat(EVALUATION.byLength())
        .extracting(ModelEvaluation.Slice::range)
        .containsExactly("1-32", "33-64", "1025-");
    assertThat(EVALUATION.byLength().get(1))
        .returns(2, ModelEvaluation.Slice::reviews)
        .returns(0.5, ModelEvaluation.Slice::accuracy)
        .returns((0.55 + 0.98) / 2, ModelEvaluation.Slice::confidence);
  }

  @Test
  void tellsSureJudgementsFromDoubtfulOnes() {
    assertThat(EVALUATION.byConfidence())
        .containsExactly(
            new ModelEvaluation.Slice("0.50-0.60", 1, 0, 0.55),
            new ModelEvaluation.Slice("0.70-0.80", 1, 0, 0.70),
            new ModelEvaluation.Slice("0.95-0.99", 2, 1, 0.975));
  }

  @Test
  void countsUncertainReviewsApartFromWrongOnes() {
    assertThat(EVALUATION.figures())
        .containsEntry("accuracy", 0.5)
        .containsEntry("coverage", 0.75)
        .hasEntrySatisfying(
            "kept_precision", precision -> assertThat(precision).isCloseTo(2 / 3.0, within(1e-9)));
  }

  @Test
  void leavesOutThePrecisionOfNothing() {
    ModelEvaluation mute =
        ModelEvaluation.of(
            Evaluation.of(new float[][] {{0.5f, 0.5f}}, new int[] {0}),
            List.of(new ModelEvaluation.Judged(0, 0.5, true, false)));

    assertThat(mute.figures()).containsEntry("coverage", 0.0).doesNotContainKey("kept_precision");
    assertThat(mute.byLength()).extracting(ModelEvaluation.Slice::range).containsExactly("0");
  }

  @Test
  void passesOverHeldOutReviewsOfLabelsThatNoneToLearnHas() {
    Corpus reviews = Synthetic.reviews(100, 1);
    Corpus held = reviews.validation(0.3);
    Document odd = new Document("odd", "so la la", "mixed", held.documents().get(0).group());
    Document learned =
        new Document("learned", "so so", "mixed", reviews.training(0.3).documents().get(0).group());
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    ModelEvaluator evaluator =
        new ModelEvaluator(new Progress(new PrintStream(told, true, UTF_8), false));
    List<String> labels = List.of("negative", "positive");

    assertThat(evaluator.heldOut(reviews.and(new Corpus(List.of(odd))), 0.3, labels))
        .isEqualTo(held);
    assertThat(told.toString(UTF_8).lines())
        .containsExactly(
            "1 held-out reviews have labels that none to learn has: they are passed over.");
    assertThat(evaluator.heldOut(reviews.and(new Corpus(List.of(odd, learned))), 0.3, labels))
        .returns(held.documents().size() + 1, corpus -> corpus.documents().size());
  }
}
