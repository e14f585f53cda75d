package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.model.Leased.Lease;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasedTest {

  private final AtomicInteger closed = new AtomicInteger();
  private final Leased<String> leased = new Leased<>("model", closed::incrementAndGet);

  @Test
  void closesWhenTheLastLeaseComesBack() {
    Lease<String> first = leased.lease().orElseThrow();
    Lease<String> second = leased.lease().orElseThrow();

    leased.retire();
    first.close();
    assertThat(closed).hasValue(0);
    assertThat(second.value()).isEqualTo("model");

    second.close();
    assertThat(closed).hasValue(1);
  }

  @Test
  void closesAtOnceWithoutLeases() {
    leased.lease().orElseThrow().close();
    assertThat(closed).hasValue(0);

    leased.retire();
    leased.retire();

    assertThat(closed).hasValue(1);
    assertThat(leased.lease()).isEmpty();
  }

  @Test
  void takesALeaseBackOnce() {
    Lease<String> lease = leased.lease().orElseThrow();
    lease.close();
    lease.close();
    assertThatThrownBy(lease::value).isInstanceOf(IllegalStateException.class);

    leased.retire();
    assertThat(closed).hasValue(1);
  }

  @Test
  void neverShowsAClosedModelToThoseWhoScoreWhileItIsReplaced(@TempDir Path directory)
      throws Exception {
    int swaps = 20;
    TinyModel.write(directory.resolve("1"));
    AtomicInteger open = new AtomicInteger();
    AtomicReference<Leased<SentimentModel>> current = new AtomicReference<>(load(directory, open));
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> callers = new ArrayList<>();
      for (int caller = 0; caller < 2; caller++) {
        callers.add(threads.submit(() -> scoreUntil(stop, current)));
      }
      for (int swap = 0; swap < swaps; swap++) {
        current.getAndSet(load(directory, open)).retire();
      }
      stop.set(true);
      for (Future<Integer> caller : callers) {
        assertThat(caller.get()).isPositive();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(open).hasValue(1);
    current.get().retire();
    assertThat(open).hasValue(0);
  }

  private static Leased<SentimentModel> load(Path directory, AtomicInteger open) {
    SentimentModel model = SentimentModel.load(directory.resolve("1"));
    open.incrementAndGet();
    return new Leased<>(
        model,
        () -> {
          model.close();
          open.decrementAndGet();
        });
  }

  private static int scoreUntil(
      AtomicBoolean stop, AtomicReference<Leased<SentimentModel>> current) {
    int runs = 0;
    while (!stop.get()) {
      Lease<SentimentModel> lease = current.get().lease().orElse(null);
      if (lease == null) {
        continue;
      }
      try (lease) {
        int[] ids = lease.value().textPipeline().encode("great").ids();
        assertThat(lease.value().probabilities(new int[][] {ids})[0][1]).isGreaterThan(0.99f);
        runs++;
      }
    }
    return runs;
  }
}
