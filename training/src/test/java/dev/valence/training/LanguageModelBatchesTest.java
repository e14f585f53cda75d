package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LanguageModelBatchesTest {
  private static final List<int[]> REVIEWS =
      IntStream.range(0, 60)
          .mapToObj(
              review -> IntStream.range(0, 5 + review % 7).map(i -> 100 * review + i).toArray())
          .toList();

  @Property(tries = 50)
  void coverEachColumnOnceInOrder(
      @ForAll @IntRange(min = 1, max = 16) int columns,
      @ForAll @IntRange(min = 1, max = 30) int bptt) {
    LanguageModelBatches.Epoch epoch = new LanguageModelBatches(REVIEWS, columns, bptt, 1).epoch(3);

    int rows = epoch.columns()[0].length;
    assertThat(Arrays.stream(epoch.lengths()).sum()).isEqualTo(rows - 1);
    assertThat(Arrays.stream(epoch.lengths())).allMatch(length -> length > 0);
    int start = epoch.start(epoch.steps() - 1);
    assertThat(start + epoch.lengths()[epoch.steps() - 1]).isEqualTo(rows - 1);
    int[] first = epoch.rows(0, epoch.lengths()[0]);
    assertThat(first[0]).isEqualTo(epoch.columns()[0][0]);
  }

  @Test
  void keepTheWordsOfAReviewTogether() {
    LanguageModelBatches.Epoch epoch = new LanguageModelBatches(REVIEWS, 2, 10, 1).epoch(0);

    int[] text = epoch.columns()[0];
    long broken =
        IntStream.range(1, text.length)
            .filter(i -> text[i] % 100 != 0 && text[i] != text[i - 1] + 1)
            .count();
    assertThat(broken).isZero();
  }

  @Test
  void areTheSameForTheSameEpochAndOthersForAnother() {
    LanguageModelBatches batches = new LanguageModelBatches(REVIEWS, 4, 10, 1);

    assertThat(batches.epoch(5).columns()).isDeepEqualTo(batches.epoch(5).columns());
    assertThat(batches.epoch(5).lengths()).isEqualTo(batches.epoch(5).lengths());
    assertThat(batches.epoch(5).columns()[0]).isNotEqualTo(batches.epoch(6).columns()[0]);
  }
}
