package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** With a model whose log-odds are the sum of its ids, so that each id is its own contribution. */
class OcclusionTest {

  private static final Offset<Float> CLOSE = within(0.01f);

  private final AtomicInteger tokens = new AtomicInteger();

  @Test
  void findsWhatEachTokenOfAShortReviewAdds() {
    assertThat(occlusion(1_000).logOdds(new int[] {0, 3, -1, 2}))
        .usingComparatorWithPrecision(0.01f)
        .containsExactly(3f, -1f, 2f);
  }

  @Test
  void speaksOfTheMostProbableLabel() {
    assertThat(occlusion(1_000).logOdds(new int[] {0, -3, 1}))
        .usingComparatorWithPrecision(0.01f)
        .containsExactly(3f, -1f);
  }

  @Test
  void findsTheOneWordThatMattersInALongReview() {
    int[] ids = new int[1_001];
    ids[778] = 4;

    float[] logOdds = occlusion(40_000).logOdds(ids);

    assertThat(logOdds[777]).isCloseTo(4f, CLOSE);
    assertThat(tokens.get()).isLessThan(45_000);
  }

  @Property(tries = 50)
  void runsNoMoreOftenThanItMay(
      @ForAll @IntRange(min = 1, max = 500) int length,
      @ForAll @IntRange(min = 8, max = 100) int runs) {
    int[] ids = new int[length + 1];
    ids[length] = 1;
    tokens.set(0);

    new Occlusion(this::sumOfIds, new BatchPlanner(), all -> runs).logOdds(ids);

    assertThat(tokens.get()).isLessThanOrEqualTo((runs + 1) * ids.length);
  }

  @Test
  void refusesProbabilitiesThatAreNone() {
    Occlusion occlusion =
        new Occlusion(ids -> new float[][] {{Float.NaN, 1}}, new BatchPlanner(), length -> 8);

    assertThatThrownBy(() -> occlusion.logOdds(new int[] {0, 1}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the model gave the probability NaN");
  }

  @Property(tries = 50)
  void sharesTheWholeEffectAmongTheTokens(
      @ForAll @IntRange(min = 1, max = 500) int length,
      @ForAll @IntRange(min = 1, max = 5_000) int maxTokens) {
    int[] ids = new int[length + 1];
    for (int i = 1; i <= Math.min(length, 5); i++) {
      ids[i] = 1;
    }

    float[] logOdds = occlusion(maxTokens).logOdds(ids);

    double sum = 0;
    for (float token : logOdds) {
      sum += token;
    }
    assertThat(sum).isCloseTo(Math.min(length, 5), within(0.05));
  }

  private Occlusion occlusion(int maxTokens) {
    return new Occlusion(this::sumOfIds, new BatchPlanner(), length -> maxTokens / length);
  }

  private float[][] sumOfIds(int[][] ids) {
    float[][] probabilities = new float[ids.length][];
    for (int row = 0; row < ids.length; row++) {
      tokens.addAndGet(ids[row].length);
      float second = (float) (1 / (1 + Math.exp(-Arrays.stream(ids[row]).sum())));
      probabilities[row] = new float[] {1 - second, second};
    }
    return probabilities;
  }
}
