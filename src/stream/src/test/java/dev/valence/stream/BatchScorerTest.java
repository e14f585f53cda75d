package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.model.BatchPlanner;
import dev.valence.model.Leased;
import dev.valence.model.ModelRepository;
import dev.valence.model.ReviewScorer;
import dev.valence.model.SentimentModel;
import dev.valence.model.TinyModel;
import dev.valence.stream.BatchScorer.Encoded;
import dev.valence.stream.BatchScorer.Scored;
import dev.valence.stream.control.Assignment;
import dev.valence.stream.control.Candidate;
import io.prometheus.client.CollectorRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Version 1 serves and version 2, which turns every judgement around, is on trial. */
class BatchScorerTest {

  private static final int POISON_TOKENS = 7;
  private static final Assignment CANARY = new Assignment(1L, Candidate.canary(2, 50), List.of());

  @TempDir static Path models;

  private final CollectorRegistry registry = new CollectorRegistry();
  private final ModelMetrics modelMetrics = new ModelMetrics(registry);
  private ModelKeeper keeper;
  private ShadowScorer shadow;
  private BatchScorer scorer;

  @BeforeAll
  static void writeModels() {
    TinyModel.write(models.resolve("1"));
    TinyModel.write(models.resolve("2"), TinyModel.draft(2, 0), -1);
  }

  @AfterEach
  void close() {
    shadow.close();
    keeper.close();
  }

  @Test
  void scoresEachReviewWithTheVersionThatEncodedIt() throws Exception {
    start(CANARY, Failing.NEVER);

    try (BatchModels batch = keeper.lease()) {
      List<Scored> scored = scorer.score(batch, reviews(batch, 40, 3));

      assertThat(versions(scored)).contains(1L, 2L);
      assertThat(scored).hasSize(40).allSatisfy(BatchScorerTest::assertJudgedByItsVersion);
      assertThat(metric("valence_batch_reviews_count")).isEqualTo(2);
    }
  }

  @Test
  void letsTheServingVersionAnswerWhatTheTrialFailsOn() throws Exception {
    start(CANARY, Failing.ON_POISON);

    try (BatchModels batch = keeper.lease()) {
      List<Encoded> reviews = new ArrayList<>(reviews(batch, 20, 3));
      reviews.addAll(reviews(batch, 20, POISON_TOKENS));
      List<Scored> scored = scorer.score(batch, reviews);

      assertThat(scored).hasSize(40).allSatisfy(BatchScorerTest::assertJudgedByItsVersion);
      assertThat(versions(scored.subList(0, 20))).contains(2L);
      assertThat(versions(scored.subList(20, 40))).containsOnly(1L);
      assertThat(metric("valence_trial_failures_total")).isPositive();
      assertThat(keeper.complaint()).isEmpty();
    }
  }

  @Test
  void endsATrialThatFailsOnEverything() throws Exception {
    start(CANARY, Failing.ALWAYS);

    try (BatchModels batch = keeper.lease()) {
      List<Scored> scored = scorer.score(batch, reviews(batch, 20, 3));

      assertThat(scored).hasSize(20).allSatisfy(BatchScorerTest::assertJudgedByItsVersion);
      assertThat(versions(scored)).containsOnly(1L);
    }
    assertThat(keeper.complaint())
        .isEqualTo(
            "model version 2 is refused, version 1 serves: the model fails on every review: choked");
    try (BatchModels batch = keeper.lease()) {
      assertThat(batch.trial()).isEmpty();
    }
  }

  @Test
  void stopsWhenTheServingVersionFailsOnEverything() throws Exception {
    start(new Assignment(2L, Candidate.canary(1, 50), List.of()), Failing.ALWAYS);

    try (BatchModels batch = keeper.lease()) {
      List<Encoded> reviews = reviews(batch, 20, 3);
      assertThatThrownBy(() -> scorer.score(batch, reviews))
          .isInstanceOf(BrokenModelException.class);
    }
  }

  @Test
  void endsAShadowThatFailsOnEverything() throws Exception {
    start(new Assignment(1L, Candidate.shadow(2), List.of()), Failing.ALWAYS);

    try (BatchModels batch = keeper.lease()) {
      List<Encoded> reviews = reviews(batch, 20, 3);
      List<Scored> scored = scorer.score(batch, reviews);
      scorer.showShadow(batch, reviews, scored);
      assertThat(versions(scored)).containsOnly(1L);
    }
    shadow.finish();

    assertThat(metric("valence_trial_failures_total")).isEqualTo(20);
    assertThat(keeper.complaint()).contains("version 2 is refused, version 1 serves");
  }

  @Test
  void comparesTheShadowWithWhatWasAnswered() throws Exception {
    start(new Assignment(1L, Candidate.shadow(2), List.of()), Failing.NEVER);

    try (BatchModels batch = keeper.lease()) {
      List<Encoded> reviews = reviews(batch, 20, 1);
      scorer.showShadow(batch, reviews, scorer.score(batch, reviews));
    }
    shadow.finish();

    assertThat(metric("valence_shadow_disagreements_total")).isEqualTo(20);
    assertThat(metric("valence_shadow_difference_count")).isEqualTo(20);
    assertThat(metric("valence_shadow_difference_sum")).isBetween(19.5, 20.0);
  }

  /** What version 2 does when it is to score. */
  private enum Failing {
    NEVER,
    ON_POISON,
    ALWAYS
  }

  private void start(Assignment assignment, Failing failing) throws Exception {
    keeper =
        new ModelKeeper(
            new ModelRepository(models), directory -> load(directory, failing), modelMetrics);
    shadow = new ShadowScorer(keeper, modelMetrics);
    StreamMetrics metrics = new StreamMetrics(registry);
    scorer = new BatchScorer(keeper, shadow, new Explanations(0, metrics), metrics, modelMetrics);
    keeper.start(assignment);
  }

  private Leased<ServingModel> load(Path directory, Failing failing) {
    SentimentModel model = SentimentModel.load(directory);
    ReviewScorer scores = new ReviewScorer(model, new BatchPlanner());
    IsolatingScorer isolating =
        new IsolatingScorer(
            reviews -> {
              boolean poison = reviews.stream().anyMatch(r -> r.tokens() == POISON_TOKENS);
              boolean fails = failing == Failing.ALWAYS || failing == Failing.ON_POISON && poison;
              if (fails && model.manifest().version() == 2) {
                throw new IllegalStateException("choked");
              }
              return scores.score(reviews);
            },
            model.textPipeline().encode("A film."));
    return new Leased<>(
        ServingModels.scoring(model.manifest(), model.textPipeline(), isolating), model::close);
  }

  private static List<Encoded> reviews(BatchModels batch, int count, int tokens) {
    List<Encoded> reviews = new ArrayList<>();
    String text = "great ".repeat(tokens);
    for (int number = 0; number < count; number++) {
      ServingModel model = batch.answering(new byte[] {(byte) number});
      reviews.add(new Encoded(model, model.pipeline().encode(text), text));
    }
    return reviews;
  }

  private static void assertJudgedByItsVersion(Scored scored) {
    assertThat(scored.result().score().label())
        .isEqualTo(scored.model().manifest().version() == 2 ? "negative" : "positive");
  }

  private static List<Long> versions(List<Scored> scored) {
    return scored.stream().map(next -> next.model().manifest().version()).distinct().toList();
  }

  private Double metric(String name) {
    return registry.getSampleValue(name);
  }
}
