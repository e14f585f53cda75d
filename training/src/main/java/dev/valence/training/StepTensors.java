package dev.valence.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The tensors that are fed to one step; closing it gives their native memory back. */
final class StepTensors implements AutoCloseable {
  private final List<Tensor> tensors = new ArrayList<>();

  TFloat32 scalar(double value) {
    return keep(TFloat32.scalarOf((float) value));
  }

  TFloat32 floats(float[] values, long... shape) {
    return keep(TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(values, true, false)));
  }

  TInt32 ints(int[] values, long... shape) {
    return keep(TInt32.tensorOf(Shape.of(shape), DataBuffers.of(values, true, false)));
  }

  /** The seed of a step's dropout masks {@code [2]}. */
  TInt32 seed(long seed, long step) {
    return ints(new int[] {(int) (seed * 7_919 + step), 0}, 2);
  }

  private <T extends Tensor> T keep(T tensor) {
    tensors.add(tensor);
    return tensor;
  }

  @Override
  public void close() {
    tensors.forEach(Tensor::close);
  }
}
