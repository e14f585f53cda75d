package dev.valence.bench;

import dev.valence.text.ReadingOrder;
import java.nio.file.Path;
import java.util.Map;
import org.tensorflow.RawTensor;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The model as TensorFlow's own documentation has one use it: the signature {@code serving_default}
 * of whole, padded reviews.
 */
final class PlainSavedModel implements Engine {

  private final SavedModelBundle bundle;
  private final String tokenIds;
  private final String lengths;
  private final String probabilities;

  /**
   * Loads it.
   *
   * @param callers threads that will run batches of their own
   */
  PlainSavedModel(Path directory, int callers) {
    bundle =
        SavedModelBundle.loader(directory.toString())
            .withConfigProto(
                ConfigProto.newBuilder()
                    .setIntraOpParallelismThreads(1)
                    .setInterOpParallelismThreads(callers)
                    .setUsePerSessionThreads(true)
                    .build())
            .load();
    SignatureDef signature = bundle.metaGraphDef().getSignatureDefOrThrow("serving_default");
    tokenIds = name(signature.getInputsMap(), "token_ids");
    lengths = name(signature.getInputsMap(), "lengths");
    probabilities = name(signature.getOutputsMap(), "probabilities");
  }

  private static String name(Map<String, TensorInfo> tensors, String name) {
    return tensors.get(name).getName();
  }

  @Override
  public float[][] probabilities(int[][] reviews) {
    PaddedIds padded = PaddedIds.of(reviews, ReadingOrder.FORWARDS);
    try (TInt32 ids =
            TInt32.tensorOf(
                Shape.of(padded.time(), padded.batch()),
                DataBuffers.of(padded.ids(), true, false));
        TInt32 ends = TInt32.vectorOf(padded.lengths());
        Result result =
            bundle
                .session()
                .runner()
                .feed(tokenIds, ids)
                .feed(lengths, ends)
                .fetch(probabilities)
                .run()) {
      RawTensor raw = ((TFloat32) result.get(0)).asRawTensor();
      int labels = (int) raw.shape().get(1);
      float[][] rows = new float[padded.batch()][labels];
      for (int row = 0; row < rows.length; row++) {
        raw.data().asFloats().offset((long) row * labels).read(rows[row]);
      }
      return rows;
    }
  }

  @Override
  public void close() {
    bundle.close();
  }
}
