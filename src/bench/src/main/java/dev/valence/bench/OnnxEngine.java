package dev.valence.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.valence.text.ReadingOrder;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.Map;

/** The model in ONNX Runtime, each call on its caller's thread alone. */
final class OnnxEngine implements Engine {

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final ReadingOrder order;
  private final OrtSession session;

  /**
   * Loads it.
   *
   * @param file that {@link OnnxFile} has written
   * @param order that the network reads reviews in
   */
  OnnxEngine(Path file, ReadingOrder order) {
    this.order = order;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot load " + file + ": " + e, e);
    }
  }

  @Override
  public float[][] probabilities(int[][] reviews) {
    PaddedIds padded = PaddedIds.of(reviews, order);
    try (OnnxTensor ids =
            OnnxTensor.createTensor(
                environment,
                IntBuffer.wrap(padded.ids()),
                new long[] {padded.time(), padded.batch()});
        OnnxTensor lengths =
            OnnxTensor.createTensor(
                environment, IntBuffer.wrap(padded.lengths()), new long[] {padded.batch()});
        OrtSession.Result result =
            session.run(Map.of(OnnxFile.TOKEN_IDS, ids, OnnxFile.LENGTHS, lengths))) {
      return (float[][]) result.get(0).getValue();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot score: " + e, e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot close its session: " + e, e);
    }
  }
}
