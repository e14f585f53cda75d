package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentimentModelTest {

  @TempDir static Path temporary;

  private static Path directory;
  private static SentimentModel model;

  @BeforeAll
  static void load() {
    directory = temporary.resolve("1");
    TinyModel.write(directory);
    model = SentimentModel.load(directory);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void scoresWhatTheWordsSay() {
    float[][] probabilities =
        model.probabilities(new int[][] {ids("great"), ids("The kettle was awful"), ids("a film")});

    assertThat(probabilities[0][1]).isCloseTo(0.9933f, within(1e-4f));
    assertThat(probabilities[1][0]).isGreaterThan(0.7f);
    assertThat(probabilities[2]).containsExactly(0.5f, 0.5f);
  }

  @Test
  void namesItselfAsItsManifestDoes() {
    assertThat(model.manifest().modelName()).isEqualTo("tiny");
    assertThat(model.manifest().version()).isEqualTo(1);
    assertThat(model.labels()).containsExactly("negative", "positive");
  }

  @Test
  void servesSeveralThreadsAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<float[][]>> results = new ArrayList<>();
      for (int run = 0; run < 200; run++) {
        String text = run % 2 == 0 ? "great" : "awful";
        results.add(
            threads.submit(() -> model.probabilities(new int[][] {ids(text), ids("a film")})));
      }
      for (int run = 0; run < 200; run++) {
        assertThat(results.get(run).get()[0][1 - run % 2]).isGreaterThan(0.99f);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void scoresNothingForAnEmptyBatch() {
    assertThat(model.probabilities(new int[0][])).isEmpty();
  }

  @Test
  void refusesAReviewWithoutIds() {
    assertThatThrownBy(() -> model.probabilities(new int[][] {ids("good"), {}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("review 1 of the batch has no token ids");
  }

  @Test
  void refusesAnIdOutsideOfTheVocabulary() {
    assertThatThrownBy(() -> model.probabilities(new int[][] {{2, 17}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("17");
  }

  @Test
  void refusesToScoreOnceClosed() {
    SentimentModel closed = SentimentModel.load(directory);
    closed.close();

    assertThatThrownBy(() -> closed.probabilities(new int[][] {ids("good")}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closesWhileOthersScore() throws Exception {
    SentimentModel closing = SentimentModel.load(directory);
    List<CountDownLatch> scoring = List.of(new CountDownLatch(20), new CountDownLatch(20));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> callers = new ArrayList<>();
      for (CountDownLatch runs : scoring) {
        callers.add(threads.submit(() -> scoreUntilClosed(closing, runs)));
      }
      for (CountDownLatch runs : scoring) {
        runs.await();
      }
      closing.close();

      for (Future<Integer> caller : callers) {
        assertThat(caller.get()).isPositive();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static int scoreUntilClosed(SentimentModel closing, CountDownLatch scoring) {
    int runs = 0;
    while (true) {
      try {
        float[][] probabilities = closing.probabilities(new int[][] {ids("great")});
        assertThat(probabilities[0][1]).isGreaterThan(0.99f);
      } catch (IllegalStateException closed) {
        return runs;
      }
      runs++;
      scoring.countDown();
    }
  }

  @Test
  void closesTwiceLikeOnce() {
    SentimentModel closed = SentimentModel.load(directory);

    closed.close();
    closed.close();
  }

  @Test
  void warmsUpAtTheShapesInUse() {
    List<BatchShape> shapes =
        List.of(new BatchShape(9, 64), new BatchShape(2_001, 1), new BatchShape(100_000, 64));

    try (SentimentModel warm = SentimentModel.load(directory, Precision.FP32, shapes)) {
      assertThat(warm.probabilities(new int[][] {ids("great")})[0][1]).isGreaterThan(0.99f);
    }
  }

  @Test
  void computesInFloatsWhenItHasNoGraphForEightBits() {
    assertThat(model.precision()).isEqualTo(Precision.FP32);
    assertThatThrownBy(() -> SentimentModel.load(directory, Precision.INT8, List.of()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(
            directory
                + " has no graph of the precision int8. Choose auto or fp32, or export the model again.");
  }

  private static int[] ids(String text) {
    return model.textPipeline().encode(text).ids();
  }
}
