package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentimentModelTest {

  @TempDir Path temporary;

  @Test
  void scoresWhatItsWordsSay() {
    Path directory = temporary.resolve("1");
    TinyModel.write(directory);

    try (SentimentModel model = SentimentModel.load(directory, 1)) {
      float[][] probabilities =
          model.probabilities(
              new int[][] {
                model.textPipeline().encode("great").ids(),
                model.textPipeline().encode("The kettle was awful").ids()
              });

      assertThat(probabilities[0][1]).isGreaterThan(0.99f);
      assertThat(probabilities[1][0]).isGreaterThan(0.7f);
    }
  }
}
