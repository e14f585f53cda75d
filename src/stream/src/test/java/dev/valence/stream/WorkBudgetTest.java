package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class WorkBudgetTest {

  private static final int LONGEST = 2_001;

  /** The worst that can come between two looks at the clock: all that is held, and a whole poll. */
  @Property
  void leavesHalfOfTheTimeWhateverComes(
      @ForAll @IntRange(min = 3_000, max = 900_000) int timeoutMillis,
      @ForAll @IntRange(max = 1_000) int commitMillis,
      @ForAll @DoubleRange(min = 10, max = 1e7) double tokensPerSecond) {
    WorkBudget budget = budget(timeoutMillis, commitMillis, tokensPerSecond);
    try {
      budget.requireRoom();
    } catch (StreamStartException tooSlow) {
      return;
    }

    double worstTokens = budget.tokens() + (double) budget.maxPollRecords(1_000) * LONGEST;

    assertThat(commitMillis / 1_000.0 + worstTokens / tokensPerSecond)
        .isLessThanOrEqualTo(timeoutMillis / 2_000.0 + 1e-3);
  }

  @Test
  void holdsLessWhenScoringSlowsDown() {
    WorkBudget budget = budget(30_000, 1_000, 20_000);
    assertThat(budget.tokens()).isEqualTo(140_000);
    assertThat(budget.maxPollRecords(1_000)).isEqualTo(69);
    assertThat(budget.maxPollRecords(50)).isEqualTo(50);

    for (int batch = 0; batch < 100; batch++) {
      budget.speed().scored(5_000, TimeUnit.SECONDS.toNanos(1));
      budget.speed().scored(10, TimeUnit.SECONDS.toNanos(1));
    }

    assertThat(budget.tokens()).isBetween(35_000, 36_000);
  }

  @Test
  void refusesATimeoutThatTheLongestReviewOutlasts() {
    WorkBudget slow = budget(3_000, 1_000, 1_000);

    assertThatThrownBy(slow::requireRoom)
        .isInstanceOf(StreamStartException.class)
        .hasMessage(
            "the model is too slow for kafka.producer.transaction.timeout.ms=3000: a review of 2001"
                + " tokens takes 2.0 s. Set it to 10004 or more.");
    assertThatCode(budget(10_004, 1_000, 1_000)::requireRoom).doesNotThrowAnyException();
  }

  @Test
  void namesTheRunsThatExplainWhenTheyTakeTheTime() {
    WorkBudget slow = budget(3_000, 1_000, 1_000, 32);

    assertThatThrownBy(slow::requireRoom)
        .hasMessageEndingWith(
            "takes 2.0 s with 32 runs to explain its score. Set it to 10004 or more, or lower"
                + " valence.explain.runs.");
  }

  @Test
  void refusesATimeOutThatLeavesNoTime() {
    Map<String, String> settings =
        Map.of("kafka.producer.transaction.timeout.ms", "6000", "kafka.commit.interval.ms", "5000");

    assertThatThrownBy(() -> new ValenceConfig(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "kafka.producer.transaction.timeout.ms=6000 leaves no time to score: it must be more"
                + " than 6000.");
  }

  @Test
  void givesAThreadThatScoresAtLeastOnceTheTimeBetweenPolls() {
    ValenceConfig config =
        new ValenceConfig(
            Map.of(
                "kafka.processing.guarantee", "at_least_once",
                "kafka.consumer.max.poll.interval.ms", "60000",
                "kafka.commit.interval.ms", "600000"));

    assertThat(config.kafka().timeLimit())
        .isEqualTo(
            new TimeLimit(
                "kafka.consumer.max.poll.interval.ms",
                Duration.ofMinutes(1),
                Duration.ZERO,
                false));
  }

  private static WorkBudget budget(int timeoutMillis, int commitMillis, double tokensPerSecond) {
    return budget(timeoutMillis, commitMillis, tokensPerSecond, 0);
  }

  private static WorkBudget budget(
      int timeoutMillis, int commitMillis, double tokensPerSecond, int explainRuns) {
    TimeLimit limit =
        new TimeLimit(
            "kafka.producer.transaction.timeout.ms",
            Duration.ofMillis(timeoutMillis),
            Duration.ofMillis(commitMillis),
            true);
    return new WorkBudget(limit, new ScoringSpeed(tokensPerSecond), LONGEST, explainRuns);
  }
}
