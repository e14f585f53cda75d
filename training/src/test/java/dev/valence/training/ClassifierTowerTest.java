package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class ClassifierTowerTest {
  private static final int PADDING = 1;
  private static final float LENGTH = 0.01f;
  private static final Hyperparameters NUMBERS =
      Synthetic.small(Preset.SEED.classifier())
          .with(Map.of("em_sz", "8", "nh", "12", "head_size", "4", "drop_mult", "0"));

  @Test
  void movesWordsToWhereTheLossGrowsFastest() {
    try (TowerSession session = new TowerSession(1, Device.CPU)) {
      Ops tf = session.ops();
      Parameters values = Classifier.fresh(NUMBERS, 20, 2);
      Parameters.Array scale = Parameters.zeros(3 * NUMBERS.emSz());
      Arrays.fill(scale.values(), 30);
      values = values.with(new Parameters(Map.of(ClassifierHead.SCALE, scale)));
      Variables weights = new Variables(tf, values);
      ClassifierTower tower =
          new ClassifierTower(
              tf, weights, NUMBERS.nl(), Dropouts.none(), Products.FLOAT32, Device.CPU, 0, PADDING);
      ClassifierTower.Reading plain = tower.plain();
      Operand<TFloat32> gradient = tower.addGradients(tf, plain, plain.loss(), new GradientSum(tf));
      ClassifierTower.Reading disturbed = tower.disturbed(tf, gradient, LENGTH);
      weights.assign(session.session(), values);

      // Of a single review without padding, so that its words' mean length can be told here.
      int[] ids = {2, 5, 9, 9, 13, 7};
      float[] rise = run(session, tower, ids, plain.loss(), disturbed.loss());
      double norm = Math.sqrt(sumOfSquares(run(session, tower, ids, gradient)));

      double wordLength = meanLength(values, ids);
      double expected = LENGTH * wordLength * norm;
      assertThat(expected).isGreaterThan(1e-4);
      assertThat((double) rise[1] - rise[0]).isCloseTo(expected, within(0.1 * expected));
    }
  }

  @Test
  void regularisesOutputsWithinTheirReviewsAlone() {
    assertRegularised(0);
    assertRegularised(3);
  }

  private static void assertRegularised(int window) {
    try (TowerSession session = new TowerSession(1, Device.CPU)) {
      Ops tf = session.ops();
      Parameters values = Classifier.fresh(NUMBERS, 20, 2);
      Variables weights = new Variables(tf, values);
      ClassifierTower tower =
          new ClassifierTower(
              tf,
              weights,
              NUMBERS.nl(),
              Dropouts.none(),
              Products.FLOAT32,
              Device.CPU,
              window,
              PADDING);
      weights.assign(session.session(), values);
      int[] longer = {2, 5, 9, 9, 13, 7};
      int[] shorter = {2, 6, 4, 8};
      int begun = window == 0 ? 0 : shorter.length - window;
      int time = longer.length - begun;
      float[] outputs = run(session, tower, longer, shorter, tower.plain().encoded());

      double squares =
          meanSquare(outputs, time, 0, longer.length - begun, false)
              + meanSquare(outputs, time, 1, shorter.length - begun, false);
      double changes =
          meanSquare(outputs, time, 0, longer.length - begun, true)
              + meanSquare(outputs, time, 1, shorter.length - begun, true);

      float[] regularised =
          run(
              session,
              tower,
              longer,
              shorter,
              tower.regularisation(tf, 1, 0),
              tower.regularisation(tf, 0, 1));
      assertThat((double) regularised[0]).isCloseTo(squares, within(1e-6 + 1e-4 * squares));
      assertThat((double) regularised[1]).isCloseTo(changes, within(1e-6 + 1e-4 * changes));
      assertThat(changes).isPositive();
    }
  }

  /** Of one of two reviews, over its first {@code steps} outputs, or their changes. */
  private static double meanSquare(
      float[] outputs, int time, int review, int steps, boolean changes) {
    int width = NUMBERS.emSz();
    double sum = 0;
    int first = changes ? 1 : 0;
    assertThat(steps).isLessThanOrEqualTo(time);
    for (int step = first; step < steps; step++) {
      for (int i = 0; i < width; i++) {
        double value = outputs[(step * 2 + review) * width + i];
        double before = changes ? outputs[((step - 1) * 2 + review) * width + i] : 0;
        sum += Math.pow(value - before, 2);
      }
    }
    return sum / width / (steps - first);
  }

  private static double meanLength(Parameters values, int[] ids) {
    float[] table = values.byName().get(Parameters.EMBEDDING).values();
    double squares = 0;
    for (int id : ids) {
      for (int i = 0; i < NUMBERS.emSz(); i++) {
        squares += Math.pow(table[id * NUMBERS.emSz() + i], 2);
      }
    }
    return Math.sqrt(squares / ids.length);
  }

  private static double sumOfSquares(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }

  /** All values of what is fetched, one after the other. */
  @SafeVarargs
  private static float[] run(
      TowerSession session, ClassifierTower tower, int[] ids, Operand<TFloat32>... fetched) {
    return run(session, tower, List.of(review(ids)), fetched);
  }

  @SafeVarargs
  private static float[] run(
      TowerSession session,
      ClassifierTower tower,
      int[] ids,
      int[] others,
      Operand<TFloat32>... fetched) {
    return run(session, tower, List.of(review(ids), review(others)), fetched);
  }

  private static ReviewBatches.Encoded review(int[] ids) {
    return new ReviewBatches.Encoded(ids, new float[] {0, 1});
  }

  @SafeVarargs
  private static float[] run(
      TowerSession session,
      ClassifierTower tower,
      List<ReviewBatches.Encoded> reviews,
      Operand<TFloat32>... fetched) {
    try (StepTensors tensors = new StepTensors()) {
      Session.Runner runner = session.runner();
      tower.feed(runner, tensors, reviews, true);
      for (Operand<TFloat32> one : fetched) {
        runner.fetch(one);
      }
      try (Result result = runner.run()) {
        float[] all = new float[0];
        for (int i = 0; i < fetched.length; i++) {
          TFloat32 tensor = (TFloat32) result.get(i);
          float[] values = new float[(int) tensor.size()];
          tensor.copyTo(DataBuffers.of(values));
          int size = all.length;
          all = Arrays.copyOf(all, size + values.length);
          System.arraycopy(values, 0, all, size, values.length);
        }
        return all;
      }
    }
  }
}
