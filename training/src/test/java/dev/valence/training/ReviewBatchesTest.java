package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReviewBatchesTest {

  @Property(tries = 100)
  void holdEachReviewOnceWithinTheLimits(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 1, max = 90) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 12) int size) {
    List<ReviewBatches.Encoded> reviews = lengths.stream().map(length -> review(length)).toList();
    ReviewBatches batches = new ReviewBatches(reviews, size, 120, 1);

    for (List<List<ReviewBatches.Encoded>> epoch :
        List.of(batches.epoch(0), batches.inOrderOfLength())) {
      assertThat(epoch.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(reviews);
      for (List<ReviewBatches.Encoded> batch : epoch) {
        int longest = batch.stream().mapToInt(review -> review.ids().length).max().orElseThrow();
        assertThat(batch.size()).isLessThanOrEqualTo(size);
        assertThat(batch.size() == 1 || batch.size() * longest <= 120).isTrue();
      }
    }
  }

  @Test
  void takeTurnsWithTheReviewsThatAreTooManyForAnEpoch() {
    List<ReviewBatches.Encoded> always = List.of(review(3), review(4));
    List<ReviewBatches.Encoded> more = List.of(review(5), review(6), review(7), review(8));
    ReviewBatches batches = new ReviewBatches(always, more, 2, 3, 100, 1);

    List<ReviewBatches.Encoded> first = batches.epoch(0).stream().flatMap(List::stream).toList();
    List<ReviewBatches.Encoded> second = batches.epoch(1).stream().flatMap(List::stream).toList();

    assertThat(first).hasSize(4).containsAll(always);
    assertThat(second).hasSize(4).containsAll(always);
    assertThat(Stream.concat(first.stream(), second.stream())).containsAll(more);
  }

  @Test
  void smoothALabel() {
    ReviewBatches.Encoded smoothed =
        new ReviewBatches.Encoded(new int[1], new float[] {0, 1, 0, 0}).smoothed(0.2);

    assertThat(smoothed.truth()).containsExactly(0.05f, 0.85f, 0.05f, 0.05f);
    assertThat(smoothed.label()).isEqualTo(1);
  }

  private static ReviewBatches.Encoded review(int length) {
    return new ReviewBatches.Encoded(new int[length], new float[] {1, 0});
  }
}
