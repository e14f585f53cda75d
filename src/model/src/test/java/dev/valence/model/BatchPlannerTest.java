package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BatchPlannerTest {

  @Property(tries = 300)
  void plansEveryReviewOnce(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 3000) Integer> reviews,
      @ForAll @IntRange(min = 1, max = 20_000) int maxPaddedTokens,
      @ForAll @IntRange(min = 1, max = 80) int maxReviews) {
    int[] lengths = lengths(reviews);

    List<int[]> batches = new BatchPlanner(maxPaddedTokens, maxReviews).plan(lengths);

    assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted().toArray())
        .containsExactly(IntStream.range(0, lengths.length).toArray());
  }

  @Property(tries = 300)
  void keepsBatchesWithinTheirLimitsUnlessOneReviewIsLonger(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 3000) Integer> reviews,
      @ForAll @IntRange(min = 1, max = 20_000) int maxPaddedTokens,
      @ForAll @IntRange(min = 1, max = 80) int maxReviews) {
    int[] lengths = lengths(reviews);

    for (int[] batch : new BatchPlanner(maxPaddedTokens, maxReviews).plan(lengths)) {
      assertThat(batch).hasSizeBetween(1, maxReviews);
      assertThat(batch.length == 1 || paddedTokens(batch, lengths) <= maxPaddedTokens).isTrue();
    }
  }

  @Property(tries = 300)
  void closesABatchOnlyWhenTheNextReviewDoesNotFit(
      @ForAll @Size(min = 2, max = 200) List<@IntRange(min = 1, max = 500) Integer> reviews,
      @ForAll @IntRange(min = 1, max = 5_000) int maxPaddedTokens,
      @ForAll @IntRange(min = 1, max = 80) int maxReviews) {
    int[] lengths = lengths(reviews);

    List<int[]> batches = new BatchPlanner(maxPaddedTokens, maxReviews).plan(lengths);

    for (int[] batch : batches.subList(0, batches.size() - 1)) {
      long withOneMore = (long) lengths[batch[0]] * (batch.length + 1);
      assertThat(batch.length == maxReviews || withOneMore > maxPaddedTokens).isTrue();
    }
  }

  @Property(tries = 300)
  void startsWithTheLongestReviews(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 3000) Integer> reviews) {
    int[] lengths = lengths(reviews);

    int[] planned =
        new BatchPlanner()
            .plan(lengths).stream()
                .flatMapToInt(Arrays::stream)
                .map(index -> lengths[index])
                .toArray();

    assertThat(planned).isSortedAccordingTo((left, right) -> right - left);
  }

  @Example
  void givesAReviewLongerThanTheBudgetABatchOfItsOwn() {
    List<int[]> batches = new BatchPlanner(100, 64).plan(new int[] {10, Integer.MAX_VALUE, 90, 10});

    assertThat(batches).containsExactly(new int[] {1}, new int[] {2}, new int[] {0, 3});
  }

  @Example
  void plansNothingForNothing() {
    assertThat(new BatchPlanner().plan(new int[0])).isEmpty();
  }

  @Example
  void refusesLimitsAndLengthsThatAreNotPositive() {
    assertThatThrownBy(() -> new BatchPlanner(0, 64))
        .hasMessage("maxPaddedTokens must be positive: 0");
    assertThatThrownBy(() -> new BatchPlanner(64, -1))
        .hasMessage("maxReviews must be positive: -1");
    assertThatThrownBy(() -> new BatchPlanner().plan(new int[] {5, 0}))
        .hasMessage("the length of review 1 must be positive: 0");
  }

  private static int[] lengths(List<Integer> reviews) {
    return reviews.stream().mapToInt(Integer::intValue).toArray();
  }

  private static long paddedTokens(int[] batch, int[] lengths) {
    return (long) batch.length * Arrays.stream(batch).map(index -> lengths[index]).max().getAsInt();
  }
}
