package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CandidateSamplerTest {
  private static final int WORDS = 500;
  private static final long[] COUNTS =
      LongStream.range(0, WORDS).map(id -> 10_000 / (id + 1)).toArray();

  @Property(tries = 50)
  void namesEachTargetByItsPlaceAmongTheCandidates(@ForAll @LongRange(min = 0) long seed) {
    int[] targets = {3, 499, 3, 250, 0};

    CandidateSampler.Candidates drawn = new CandidateSampler(COUNTS, 60).draw(targets, seed);

    assertThat(drawn.ids()).isSorted().doesNotHaveDuplicates();
    for (int i = 0; i < targets.length; i++) {
      assertThat(drawn.ids()[drawn.targets()[i]]).isEqualTo(targets[i]);
      assertThat(drawn.corrections()[drawn.targets()[i]]).isZero();
    }
  }

  @Test
  void drawsTheSameForTheSameSeed() {
    CandidateSampler sampler = new CandidateSampler(COUNTS, 60);

    assertThat(sampler.draw(new int[] {1}, 7).ids())
        .isEqualTo(sampler.draw(new int[] {1}, 7).ids());
    assertThat(sampler.draw(new int[] {1}, 7).ids())
        .isNotEqualTo(sampler.draw(new int[] {1}, 8).ids());
  }

  @Test
  void estimatesTheNormaliserWithoutBias() {
    CandidateSampler sampler = new CandidateSampler(COUNTS, 60);
    double[] logits = new double[WORDS];
    Arrays.setAll(logits, id -> Math.sin(id));
    double full = Arrays.stream(logits).map(Math::exp).sum();

    double mean = 0;
    int draws = 4_000;
    for (int seed = 0; seed < draws; seed++) {
      CandidateSampler.Candidates drawn = sampler.draw(new int[] {400, 2}, seed);
      for (int i = 0; i < drawn.ids().length; i++) {
        mean += Math.exp(logits[drawn.ids()[i]] + drawn.corrections()[i]) / draws;
      }
    }

    assertThat(mean).isCloseTo(full, within(0.01 * full));
  }

  @Test
  void takesAllWordsWhenThereAreNoMore() {
    assertThat(new CandidateSampler(COUNTS, 1_000).draw(new int[] {5}, 1).ids()).hasSize(WORDS);
  }
}
