package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.stream.BufferRoom.Place;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BufferRoomTest {

  private static final BatchLimits LIMITS = new BatchLimits(64, 16_384, 1_000, 100);

  private final AtomicLong bytes = new AtomicLong();
  private final WorkBudget budget =
      new WorkBudget(
          new TimeLimit("key", Duration.ofSeconds(30), Duration.ofSeconds(1), true),
          new ScoringSpeed(1_000),
          2_001,
          0);
  private final BufferRoom room = new BufferRoom(LIMITS, budget, bytes::addAndGet);

  @Test
  void leavesAThreadWhatItCanScoreInTime() {
    assertThat(room.enter().limits().maxTokens()).isEqualTo(7_000);
    assertThat(room.enter().limits().maxTokens()).isEqualTo(7_000);
  }

  @Test
  void sharesBytesAmongAllTasks() throws Exception {
    Place first = room.enter();
    assertThat(first.limits().maxBytes()).isEqualTo(1_000);

    Place elsewhere = CompletableFuture.supplyAsync(room::enter).get();

    assertThat(first.limits().maxBytes()).isEqualTo(500);
    assertThat(elsewhere.limits().maxBytes()).isEqualTo(500);
  }

  @Test
  void leavesTheLimitsOfABatchAlone() {
    BatchLimits limits = room.enter().limits();

    assertThat(limits.maxReviews()).isEqualTo(64);
    assertThat(limits.maxDelayMillis()).isEqualTo(100);
  }

  @Test
  void countsWhatIsHeldUntilTheTaskLeaves() {
    Place place = room.enter();
    place.changeBy(700);
    place.changeBy(-200);
    assertThat(bytes).hasValue(500);

    place.close();

    assertThat(bytes).hasValue(0);
  }
}
