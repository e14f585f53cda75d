package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class KeyShareTest {

  private static final int KEYS = 20_000;

  @Test
  void holdsItsShareOfTheKeysOfEveryPartition() {
    for (int percent : List.of(1, 10, 50, 90)) {
      int[] held = new int[4];
      int[] all = new int[4];
      IntStream.range(0, KEYS)
          .mapToObj(number -> ("review-" + number).getBytes(UTF_8))
          .forEach(
              key -> {
                int partition = Utils.toPositive(Utils.murmur2(key)) % all.length;
                all[partition]++;
                held[partition] += new KeyShare(percent).holds(key) ? 1 : 0;
              });
      double[] shares =
          IntStream.range(0, all.length).mapToDouble(p -> 100.0 * held[p] / all[p]).toArray();
      assertThat(Arrays.stream(shares).boxed())
          .allSatisfy(share -> assertThat(share).isBetween(percent * 0.6, percent * 1.4));
    }
  }

  @Property
  void growsWithoutLettingAKeyGo(@ForAll byte[] key, @ForAll @IntRange(max = 99) int percent) {
    if (new KeyShare(percent).holds(key)) {
      assertThat(new KeyShare(percent + 1).holds(key)).isTrue();
    }
    assertThat(new KeyShare(0).holds(key)).isFalse();
    assertThat(new KeyShare(100).holds(key)).isTrue();
  }
}
