package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.stream.MicroBatch.Waiting;
import dev.valence.text.EncodedReview;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MicroBatchTest {

  private final MicroBatch<String> batch = new MicroBatch<>();

  @Test
  void isDueAtOnceWhenNothingMayWait() {
    MicroBatch<String> impatient = new MicroBatch<>();
    assertThat(impatient.isDue(0, 0, 10)).isFalse();

    impatient.add("a", review(1), 1, 0, 0);
    assertThat(impatient.isDue(0, 0, 10)).isTrue();
  }

  @Test
  void isDueWhenTheOldestRecordHasWaitedLongEnough() {
    assertThat(batch.isDue(1_000, 50, 0)).isFalse();

    batch.add("a", review(1), 1, 1_000, 1_000);
    batch.add("b", review(1), 1, 1_040, 1_040);

    assertThat(batch.isDue(1_049, 50, 0)).isFalse();
    assertThat(batch.isDue(1_050, 50, 0)).isTrue();
  }

  @Test
  void collectsForAWhileHoweverLongRecordsHaveWaited() {
    batch.add("a", review(1), 1, 1_000, 1_200);

    assertThat(batch.isDue(1_219, 50, 20)).isFalse();
    assertThat(batch.isDue(1_220, 50, 20)).isTrue();
    assertThat(batch.isDue(1_220, 50, 21)).isFalse();
  }

  @Test
  void startsAfreshWhenTaken() {
    batch.add("a", review(100), 1_000, 0, 0);
    batch.take();

    assertThat(batch.isEmpty()).isTrue();
    assertThat(batch.tokens()).isZero();
    assertThat(batch.bytes()).isZero();
    assertThat(batch.isDue(1_000, 50, 0)).isFalse();
    assertThat(batch.take()).isEmpty();
  }

  @Property(tries = 200)
  void givesBackEachRecordOnceInOrder(
      @ForAll @Size(max = 200) List<@IntRange(max = 120) Integer> lengths) {
    MicroBatch<Integer> records = new MicroBatch<>();
    List<Integer> taken = new java.util.ArrayList<>();

    for (int index = 0; index < lengths.size(); index++) {
      records.add(index, lengths.get(index) == 0 ? null : review(lengths.get(index)), 1, 0, 0);
      if (records.tokens() > 100) {
        records.take().forEach(waiting -> taken.add(waiting.item()));
      }
    }
    records.take().stream().map(Waiting::item).forEach(taken::add);

    assertThat(taken)
        .containsExactlyElementsOf(
            java.util.stream.IntStream.range(0, lengths.size()).boxed().toList());
  }

  private static EncodedReview review(int tokens) {
    return new EncodedReview(new int[tokens + 1], tokens, 0, false);
  }
}
