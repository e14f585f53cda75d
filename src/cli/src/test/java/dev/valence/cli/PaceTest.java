package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);

  private long now;

  @Test
  void spreadsEventsEvenly() {
    Pace pace = new Pace(20, () -> now);

    assertThat(pace.nanosToNext()).isZero();
    pace.happened();
    assertThat(pace.nanosToNext()).isEqualTo(50 * MILLIS);
    now += 51 * MILLIS;
    pace.happened();
    assertThat(pace.nanosToNext()).isEqualTo(49 * MILLIS);
  }

  @Property(tries = 200)
  void neverHurriesAfterADelay(@ForAll List<@IntRange(max = 500) Integer> delaysInMillis) {
    now = 0;
    Pace pace = new Pace(20, () -> now);
    List<Long> times = new ArrayList<>();

    for (int delay : delaysInMillis) {
      now += Math.max(delay * MILLIS, pace.nanosToNext());
      times.add(now);
      pace.happened();
    }

    for (int event = 2; event < times.size(); event++) {
      assertThat(times.get(event) - times.get(event - 2)).isGreaterThanOrEqualTo(50 * MILLIS);
    }
  }
}
