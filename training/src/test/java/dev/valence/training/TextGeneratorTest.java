package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.valence.text.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextGeneratorTest {
  @TempDir private static Path folder;
  private static LanguageModel model;

  @BeforeAll
  static void trainLanguageModel() {
    Progress silent = new Progress(new PrintStream(new ByteArrayOutputStream()), false);
    Hyperparameters numbers =
        Synthetic.small(Preset.SEED.languageModel()).with(Map.of("cycle_len", "3"));
    new LanguageModelTrainer(
            numbers, Synthetic.run(folder, 1, Duration.ofHours(1), silent, () -> false))
        .train(Synthetic.reviews(800, 1), Synthetic.reviews(80, 2));
    model = LanguageModel.read(folder);
  }

  @Test
  void writesWhatItLearned() {
    List<String> reviews = generator(0.5).write("the film is", 30, 10);

    assertThat(reviews)
        .hasSize(10)
        .allSatisfy(
            review ->
                assertThat(review)
                    .matches(
                        "(?s)the film is (great|lovely|brilliant|awful|dull|broken) (and|but) i .*"));
  }

  @Test
  void endsWhereTheNextReviewBegins() {
    List<String> reviews = generator(0.3).write("", 500, 8);

    assertThat(reviews)
        .allSatisfy(
            review ->
                assertThat(review)
                    .isNotBlank()
                    .endsWith(".")
                    .doesNotContain(Vocabulary.BEGIN)
                    .hasSizeLessThan(1_000));
  }

  @Test
  void writesTheSameFromTheSameSeed() {
    assertThat(generator(1).write("i", 20, 4)).isEqualTo(generator(1).write("i", 20, 4));
    assertThat(new TextGenerator(model, new TemperatureSampling(1), 2).write("i", 20, 4))
        .isNotEqualTo(generator(1).write("i", 20, 4));
  }

  @Test
  void writesOneTokenWhenAskedForOne() {
    assertThat(generator(0).write("i saw the", 1, 1))
        .singleElement()
        .asString()
        .matches("i saw the (film|teacher|kettle|phone)");
  }

  @Test
  void readsTheSameInStretchesAndWhole() {
    int[][] text = {{Vocabulary.BEGIN_ID, 5}, {4, 6}, {7, 3}, {5, 8}};
    float[][] whole;
    float[][] last = null;
    try (NextTokens inOne = new NextTokens(model, 2)) {
      whole = inOne.read(text);
    }
    try (NextTokens inStretches = new NextTokens(model, 2)) {
      for (int[] row : text) {
        last = inStretches.read(new int[][] {row});
      }
    }

    assertThat(last[0]).containsExactly(whole[0], within(1e-4f));
    assertThat(last[1]).containsExactly(whole[1], within(1e-4f));
    assertThat(whole[0]).hasSize(model.pipeline().vocabulary().size()).isNotEqualTo(whole[1]);
  }

  @Test
  void refusesToWriteNothing() {
    assertThatThrownBy(() -> generator(1).write("", 0, 1))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("tokens must be at least 1: 0");
    assertThatThrownBy(() -> generator(1).write("", 1, 0)).hasMessageContaining("count");
  }

  private static TextGenerator generator(double temperature) {
    return new TextGenerator(model, new TemperatureSampling(temperature), 1);
  }
}
