package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnfreezingTest {

  @Test
  void goesDownOneGroupAfterTheOther() {
    Unfreezing unfreezing = new Unfreezing(1, 0.5, 3);

    assertThat(unfreezing.depths()).containsExactly(0, 1, 2, 3);
    assertThat(unfreezing.depth(0)).isZero();
    assertThat(unfreezing.depth(0.99)).isZero();
    assertThat(unfreezing.depth(1)).isEqualTo(1);
    assertThat(unfreezing.depth(1.5)).isEqualTo(2);
    assertThat(unfreezing.depth(2)).isEqualTo(3);
    assertThat(unfreezing.depth(9)).isEqualTo(3);
  }

  @Test
  void unfreezesAllTogetherUnlessToldOtherwise() {
    assertThat(new Unfreezing(1, 0, 4).depths()).containsExactly(0, 4);
    assertThat(new Unfreezing(1, 0, 4).depth(1)).isEqualTo(4);
    assertThat(new Unfreezing(0, 0, 4).depths()).containsExactly(4);
    assertThat(new Unfreezing(0, 0, 4).depth(0)).isEqualTo(4);
  }
}
