package dev.valence.stream.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

  private final AtomicLong nanos = new AtomicLong();
  private final TokenBucket bucket = new TokenBucket(2, 3, nanos::get);

  @Test
  void letsItsCapacityPassAtOnceAndThenItsRate() {
    assertThat(passing(10)).isEqualTo(3);

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));

    assertThat(passing(10)).isEqualTo(2);
  }

  @Test
  void savesNoMoreThanItsCapacity() {
    nanos.addAndGet(TimeUnit.HOURS.toNanos(1));

    assertThat(passing(10)).isEqualTo(3);
  }

  private int passing(int attempts) {
    int passed = 0;
    for (int i = 0; i < attempts; i++) {
      passed += bucket.take() ? 1 : 0;
    }
    return passed;
  }
}
