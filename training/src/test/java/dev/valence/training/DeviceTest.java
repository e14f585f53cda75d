package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

class DeviceTest {
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final Progress progress = new Progress(new PrintStream(told, true), false);

  @Test
  void isTheProcessorWhereThereIsNoCard() {
    assumeTrue(Device.Choice.AUTO.find(progress) == Device.CPU, "a machine without a GPU");

    assertThat(told.toString()).contains("device: CPU, since TensorFlow finds no GPU");
    assertThatThrownBy(() -> Device.Choice.GPU.find(progress))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll("no GPU", "-Pgpu", "--device cpu");
  }

  @Test
  void isTheCardWhereThereIsOne() {
    assumeTrue(Device.Choice.AUTO.find(progress) == Device.GPU, "a machine with a GPU");

    assertThat(Device.Choice.GPU.find(progress)).isEqualTo(Device.GPU);
    assertThat(told.toString()).contains("device: GPU");
  }

  @Test
  void isTheProcessorWhenToldSo() {
    assertThat(Device.Choice.CPU.find(progress)).isEqualTo(Device.CPU);

    assertThat(told.toString()).isEmpty();
    assertThat(sumOn(Device.CPU)).isEqualTo(3);
  }

  @Test
  void leavesToTheProcessorWhatTheCardCannotDo() {
    assertThat(sumOn(Device.GPU)).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void leavesTheCoresToTheTowers(Device device) {
    assertThat(device.config().getIntraOpParallelismThreads()).isEqualTo(1);
  }

  private static float sumOn(Device device) {
    try (TowerSession session = new TowerSession(1, device)) {
      var tf = session.ops();
      try (Result result =
          session.runner().fetch(tf.math.add(tf.constant(1f), tf.constant(2f))).run()) {
        return ((TFloat32) result.get(0)).getFloat();
      }
    }
  }
}
