package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.model.Score;
import dev.valence.stream.IsolatingScorer.Result;
import dev.valence.text.EncodedReview;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class IsolatingScorerTest {

  private static final int PROBE = -1;

  private final List<Integer> batchSizes = new ArrayList<>();

  @Test
  void scoresASoundBatchInOneRun() {
    List<Result> results = scorer(id -> false).score(reviews(64));

    assertThat(results).extracting(result -> result.score().tokens()).isEqualTo(ids(64));
    assertThat(batchSizes).containsExactly(64);
  }

  @Property(tries = 300)
  void findsExactlyTheCulprits(
      @ForAll @IntRange(min = 1, max = 70) int size,
      @ForAll Set<@IntRange(max = 69) Integer> culprits) {
    List<Result> results = scorer(culprits::contains).score(reviews(size));

    assertThat(results).hasSize(size);
    for (int id = 0; id < size; id++) {
      if (culprits.contains(id)) {
        assertThat(results.get(id).score()).isNull();
        assertThat(results.get(id).failure()).hasMessage("choked");
      } else {
        assertThat(results.get(id).score().tokens()).isEqualTo(id);
      }
    }
  }

  @Test
  void findsOneCulpritInSixtyFourWithinTwoMoreBatches() {
    scorer(id -> id == 21).score(reviews(64));

    assertThat(batchSizes.stream().mapToInt(Integer::intValue).sum()).isLessThanOrEqualTo(3 * 64);
  }

  @Test
  void blamesALoneReviewOnlyIfTheProbePasses() {
    List<Result> results = scorer(id -> id == 0).score(reviews(1));

    assertThat(results.get(0).failure()).hasMessage("choked");
  }

  @Test
  void blamesTheModelIfTheProbeFailsToo() {
    IsolatingScorer broken = scorer(id -> true);

    assertThatThrownBy(() -> broken.score(reviews(64)))
        .isInstanceOf(BrokenModelException.class)
        .hasMessage("the model fails on every review: choked");
    assertThat(batchSizes).containsExactly(64, 1);
  }

  private IsolatingScorer scorer(Predicate<Integer> chokesOn) {
    return new IsolatingScorer(
        reviews -> {
          batchSizes.add(reviews.size());
          if (reviews.stream().map(review -> review.ids()[0]).anyMatch(chokesOn)) {
            throw new IllegalStateException("choked");
          }
          return reviews.stream()
              .map(review -> new Score("positive", new float[2], review.ids()[0], 0, false))
              .toList();
        },
        review(PROBE));
  }

  private static List<Integer> ids(int size) {
    return IntStream.range(0, size).boxed().toList();
  }

  private static List<EncodedReview> reviews(int size) {
    return ids(size).stream().map(IsolatingScorerTest::review).toList();
  }

  private static EncodedReview review(int id) {
    return new EncodedReview(new int[] {id}, 1, 0, false);
  }
}
