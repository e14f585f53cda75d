package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RecentShapesTest {

  private final RecentShapes shapes = new RecentShapes(3);

  @Test
  void namesEachShapeOnce() {
    shapes.add(new BatchShape(9, 64));
    shapes.add(new BatchShape(200, 1));
    shapes.add(new BatchShape(9, 64));

    assertThat(shapes.distinct()).containsExactly(new BatchShape(9, 64), new BatchShape(200, 1));
  }

  @Test
  void forgetsWhatIsOld() {
    for (int time = 1; time <= 5; time++) {
      shapes.add(new BatchShape(time, 1));
    }

    assertThat(shapes.distinct()).extracting(BatchShape::time).containsExactly(3, 4, 5);
  }

  @Test
  void knowsNoEmptyBatch() {
    assertThatThrownBy(() -> new BatchShape(1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RecentShapes(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
