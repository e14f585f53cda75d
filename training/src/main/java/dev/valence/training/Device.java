package dev.valence.training;

import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/** What a run computes on. */
public enum Device {
  /** The processor, one tower a core. */
  CPU,

  /**
   * The first NVIDIA card, where the build has TensorFlow's libraries for it. What it has no kernel
   * for stays on the processor.
   */
  GPU;

  /** What is asked for. */
  public enum Choice {
    /** The processor, whatever else there is. */
    CPU,

    /** The card, or nothing. */
    GPU,

    /** The card if there is one. */
    AUTO;

    /**
     * Finds the device.
     *
     * @param progress is told which it is
     * @throws TrainingException if a card is asked for that is not there
     */
    public Device find(Progress progress) {
      if (this == CPU) {
        return Device.CPU;
      }
      boolean there = Device.gpuIsThere();
      if (!there && this == GPU) {
        throw new TrainingException(
            "no GPU: TensorFlow finds none. Build Valence for one (mvn -Pgpu package -DskipTests) on"
                + " a machine that has its driver, CUDA 12 and cuDNN 9, or use --device cpu.");
      }
      progress.line(there ? "device: GPU" : "device: CPU, since TensorFlow finds no GPU");
      return there ? Device.GPU : Device.CPU;
    }
  }

  /** TensorFlow lists no devices to Java; but it refuses to put something where there is none. */
  private static boolean gpuIsThere() {
    try (Graph graph = new Graph();
        Session session = new Session(graph, GPU.config().setAllowSoftPlacement(false).build())) {
      DeviceSpec first =
          DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.GPU).deviceIndex(0).build();
      session.runner().fetch(Ops.create(graph).withDevice(first).constant(1f)).run().close();
      return true;
    } catch (TFInvalidArgumentException e) {
      return false;
    }
  }

  /**
   * How a session computes on it. The threads inside an operation are those of the process, made as
   * its first session says, so that every session says the same: one, since towers share the cores.
   */
  ConfigProto.Builder config() {
    ConfigProto.Builder config = ConfigProto.newBuilder().setIntraOpParallelismThreads(1);
    return this == CPU
        ? config.putDeviceCount("GPU", 0)
        : config
            .setAllowSoftPlacement(true)
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
  }
}
