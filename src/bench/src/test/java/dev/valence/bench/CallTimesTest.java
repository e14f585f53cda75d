package dev.valence.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallTimesTest {

  @Test
  void takesTheTimeThatSoManyCallsDidNotExceed() {
    List<Double> nanos = IntStream.rangeClosed(1, 200).mapToObj(i -> i * 1e6).toList();

    assertThat(CallTimes.of(nanos)).isEqualTo(new CallTimes(100, 198));
    assertThat(CallTimes.of(List.of(7e6))).isEqualTo(new CallTimes(7, 7));
    assertThat(CallTimes.of(List.of())).isNull();
  }

  @Test
  void goesStraightThroughABucketOfAHistogram() {
    TreeMap<Double, Double> counts =
        new TreeMap<>(Map.of(0.1, 20.0, 0.2, 80.0, 0.4, 96.0, Double.POSITIVE_INFINITY, 100.0));

    CallTimes times = CallTimes.ofBuckets(counts);

    assertThat(times.p50Millis()).isEqualTo(150, within(1e-9));
    assertThat(times.p99Millis()).as("it took longer than any bucket tells").isEqualTo(400);
  }

  @Test
  void hasNoTimesOfNoCalls() {
    assertThat(CallTimes.ofBuckets(new TreeMap<>(Map.of(0.1, 0.0)))).isNull();
    assertThat(CallTimes.ofBuckets(Collections.emptySortedMap())).isNull();
  }
}
