package dev.valence.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadingOrderTest {
  @Test
  void turnsAllButTheBeginTokenRound() {
    int[] ids = {2, 11, 12, 13};

    assertThat(ReadingOrder.BACKWARDS.of(ids)).containsExactly(2, 13, 12, 11);
    assertThat(ReadingOrder.BACKWARDS.of(ReadingOrder.BACKWARDS.of(ids))).isEqualTo(ids);
    assertThat(ReadingOrder.BACKWARDS.of(new int[] {2})).containsExactly(2);
    assertThat(ReadingOrder.FORWARDS.of(ids)).containsExactly(2, 11, 12, 13);
  }
}
