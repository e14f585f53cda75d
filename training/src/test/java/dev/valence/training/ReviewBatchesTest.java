package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ReviewBatchesTest {

  @Property(tries = 100)
  void holdEachReviewOnceWithinTheLimits(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 1, max = 90) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 12) int size) {
    List<ReviewBatches.Encoded> reviews =
        lengths.stream().map(length -> new ReviewBatches.Encoded(new int[length], 0)).toList();
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
}
