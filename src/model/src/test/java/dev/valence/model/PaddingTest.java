package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class PaddingTest {

  private static SentimentModel model;

  @BeforeContainer
  static void load() {
    Path directory = Path.of("target", "padding-test-model");
    TinyModel.write(directory);
    model = SentimentModel.load(directory);
  }

  @AfterContainer
  static void close() {
    model.close();
  }

  @Property(tries = 50)
  void givesAReviewTheSameScoreWhateverElseIsInItsBatch(
      @ForAll @Size(min = 1, max = 20)
          List<@Size(min = 1, max = 60) List<@IntRange(max = 16) Integer>> reviews) {
    int[][] batch = reviews.stream().map(PaddingTest::withBegin).toArray(int[][]::new);

    float[][] together = model.probabilities(batch);

    for (int review = 0; review < batch.length; review++) {
      float[] alone = model.probabilities(new int[][] {batch[review]})[0];
      assertThat(together[review]).containsExactly(alone, within(1e-6f));
    }
  }

  private static int[] withBegin(List<Integer> tokens) {
    int[] ids = new int[tokens.size() + 1];
    Arrays.setAll(ids, position -> position == 0 ? 2 : tokens.get(position - 1));
    return ids;
  }
}
