package dev.valence.model;

import java.nio.file.Path;
import java.util.Map;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * Names, in a graph, of the tensors that the signature {@code serving_default} promises. The logits
 * are promised as well, but nothing here reads them.
 *
 * @param tokenIds int32 [time, batch]
 * @param lengths int32 [batch]
 * @param probabilities float [batch, classes]
 */
record ServingSignature(String tokenIds, String lengths, String probabilities) {

  private static final String NAME = "serving_default";

  /**
   * @param directory of the model, for messages
   * @throws InvalidModelException if the graph has no such signature, or a tensor of it has another
   *     type or rank
   */
  static ServingSignature of(Path directory, MetaGraphDef graph) {
    SignatureDef signature = graph.getSignatureDefMap().get(NAME);
    if (signature == null) {
      throw new InvalidModelException(
          directory
              + " has no signature "
              + NAME
              + ", only "
              + graph.getSignatureDefMap().keySet()
              + ". Export the model with valence train export.");
    }
    Tensors inputs = new Tensors(directory, "input", signature.getInputsMap());
    Tensors outputs = new Tensors(directory, "output", signature.getOutputsMap());
    outputs.name("logits", DataType.DT_FLOAT, 2);
    return new ServingSignature(
        inputs.name("token_ids", DataType.DT_INT32, 2),
        inputs.name("lengths", DataType.DT_INT32, 1),
        outputs.name("probabilities", DataType.DT_FLOAT, 2));
  }

  private record Tensors(Path directory, String kind, Map<String, TensorInfo> infos) {

    String name(String promised, DataType type, int rank) {
      TensorInfo info = infos.get(promised);
      if (info == null || info.getDtype() != type || !hasRank(info, rank)) {
        throw new InvalidModelException(
            directory
                + ": signature "
                + NAME
                + " needs the "
                + kind
                + " "
                + promised
                + ", "
                + type
                + " with "
                + rank
                + " dimensions, but has "
                + found(info)
                + ". Export the model with valence train export.");
      }
      return info.getName();
    }

    private static boolean hasRank(TensorInfo info, int rank) {
      return info.getTensorShape().getUnknownRank() || info.getTensorShape().getDimCount() == rank;
    }

    private String found(TensorInfo info) {
      return info == null
          ? "no such " + kind
          : info.getDtype() + " with " + info.getTensorShape().getDimCount() + " dimensions";
    }
  }
}
