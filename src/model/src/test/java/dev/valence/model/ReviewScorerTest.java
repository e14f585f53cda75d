package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.valence.text.EncodedReview;
import dev.valence.text.TextPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewScorerTest {

  @TempDir Path temporary;

  @Test
  void scoresInArrivalOrder() {
    List<String> texts = new ArrayList<>();
    for (int review = 0; review < 200; review++) {
      texts.add((review % 3 == 0 ? "awful" : "great") + " film".repeat(review * 7 % 20));
    }

    List<Score> scores = score(TinyModel.draft(1, 0), new BatchPlanner(100, 8), texts);

    assertThat(scores).hasSize(200);
    for (int review = 0; review < 200; review++) {
      assertThat(scores.get(review).label()).isEqualTo(review % 3 == 0 ? "negative" : "positive");
      assertThat(scores.get(review).tokens()).isEqualTo(1 + review * 7 % 20);
    }
  }

  @Test
  void givesTheSameScoresUnderAnyPlan() {
    List<String> texts =
        List.of("great", "a good film and a bad kettle", "the film", "awful awful film");

    List<Score> oneByOne = score(TinyModel.draft(1, 0), new BatchPlanner(1, 1), texts);
    List<Score> atOnce = score(TinyModel.draft(1, 0), new BatchPlanner(), texts);

    for (int review = 0; review < texts.size(); review++) {
      assertThat(atOnce.get(review).probabilities())
          .containsExactly(oneByOne.get(review).probabilities(), within(1e-6f));
    }
  }

  @Test
  void callsAReviewWithoutWordsUncertain() {
    List<Score> scores =
        score(TinyModel.draft(1, 0), new BatchPlanner(), List.of("", "great", " \n "));

    for (Score empty : List.of(scores.get(0), scores.get(2))) {
      assertThat(empty.label()).isEqualTo("uncertain");
      assertThat(empty.probabilities()).containsExactly(0.5f, 0.5f);
      assertThat(empty.tokens()).isZero();
      assertThat(empty.unknownTokens()).isZero();
      assertThat(empty.truncated()).isFalse();
    }
    assertThat(scores.get(1).label()).isEqualTo("positive");
  }

  @Test
  void callsAReviewBelowTheThresholdUncertainAndKeepsItsProbabilities() {
    List<Score> scores =
        score(TinyModel.draft(1, 0.9), new BatchPlanner(), List.of("great", "good"));

    assertThat(scores.get(0).label()).isEqualTo("positive");
    assertThat(scores.get(1).label()).isEqualTo("uncertain");
    assertThat(scores.get(1).probabilities()[1]).isCloseTo(0.8808f, within(1e-4f));
  }

  @Test
  void countsUnknownTokensAndMarksATruncatedReview() {
    List<Score> scores =
        score(
            TinyModel.draft(1, 0),
            new BatchPlanner(),
            List.of("great zebra zoo", "good ".repeat(3000)));

    assertThat(scores.get(0).tokens()).isEqualTo(3);
    assertThat(scores.get(0).unknownTokens()).isEqualTo(2);
    assertThat(scores.get(0).truncated()).isFalse();
    assertThat(scores.get(1).tokens()).isEqualTo(2000);
    assertThat(scores.get(1).truncated()).isTrue();
  }

  @Test
  void scoresNothingForNothing() {
    assertThat(score(TinyModel.draft(1, 0), new BatchPlanner(), List.of())).isEmpty();
  }

  @Test
  void refusesToCallAScoreWhatIsNotANumber() throws IOException {
    Path directory = temporary.resolve("1");
    TextPipeline pipeline = TinyModel.textPipeline();
    float[][] weights = new float[pipeline.vocabulary().size()][2];
    weights[pipeline.vocabulary().id("kettle")][0] = Float.NaN;
    TinyModel.exportGraph(directory, weights);
    pipeline.save(Files.createDirectories(directory.resolve("assets")));
    ModelPackager.seal(directory, TinyModel.draft(1, 0), List.of("a film"));

    try (SentimentModel model = SentimentModel.load(directory)) {
      ReviewScorer scorer = new ReviewScorer(model, new BatchPlanner());
      List<EncodedReview> reviews = List.of(pipeline.encode("a bad kettle"));

      assertThatThrownBy(() -> scorer.score(reviews))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("model tiny version 1 gave the probability NaN for a review of 3 tokens");
    }
  }

  private List<Score> score(ModelManifest draft, BatchPlanner planner, List<String> texts) {
    Path directory = temporary.resolve("model-" + System.nanoTime());
    TinyModel.write(directory, draft);
    try (SentimentModel model = SentimentModel.load(directory)) {
      return new ReviewScorer(model, planner)
          .score(texts.stream().map(model.textPipeline()::encode).toList());
    }
  }
}
