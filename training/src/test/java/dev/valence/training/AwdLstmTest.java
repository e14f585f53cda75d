package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.EagerSession;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class AwdLstmTest {

  @Test
  void remembersFromTheStart() {
    Hyperparameters numbers = Synthetic.small(Preset.SEED.languageModel());
    Parameters.Array bias =
        Parameters.languageModel(numbers, 10).byName().get(Parameters.lstm(1, "bias"));
    int width = numbers.emSz();
    try (EagerSession session = EagerSession.create()) {
      Ops tf = Ops.create(session);
      AwdLstm.Layer onlyBias =
          new AwdLstm.Layer(
              filled(tf, 0, numbers.nh(), 4 * width),
              filled(tf, 0, width, 4 * width),
              tf.constant(Shape.of(bias.shape()), DataBuffers.of(bias.values(), true, false)));
      AwdLstm.State two =
          new AwdLstm.State(List.of(filled(tf, 2, 1, width)), List.of(filled(tf, 0, 1, width)));

      AwdLstm.State after =
          new AwdLstm(tf, List.of(onlyBias)).read(filled(tf, 0, 1, 1, numbers.nh()), two).state();

      float cell = after.cell().get(0).asTensor().getFloat(0, 0);
      assertThat((double) cell).isCloseTo(2 / (1 + Math.exp(-1)), within(1e-5));
    }
  }

  private static Operand<TFloat32> filled(Ops tf, float value, long... shape) {
    return tf.fill(tf.constant(shape), tf.constant(value));
  }
}
