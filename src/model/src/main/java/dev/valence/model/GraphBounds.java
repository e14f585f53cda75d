package dev.valence.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.TensorShapeProto.Dim;

/**
 * Looks at the weights that a graph declares before TensorFlow does: a matrix of no rows or columns
 * makes its oneDNN kernels abort the whole process, and weights beyond this machine's memory get it
 * killed, where no exception could be caught.
 */
final class GraphBounds {

  private static final Set<String> VARIABLES = Set.of("Variable", "VariableV2", "VarHandleOp");

  private static final Map<DataType, Integer> BYTES =
      Map.of(
          DataType.DT_DOUBLE, 8,
          DataType.DT_INT64, 8,
          DataType.DT_FLOAT, 4,
          DataType.DT_INT32, 4,
          DataType.DT_HALF, 2,
          DataType.DT_BFLOAT16, 2);

  private static final Set<DataType> NUMBERS =
      Set.of(DataType.DT_FLOAT, DataType.DT_DOUBLE, DataType.DT_HALF, DataType.DT_BFLOAT16);

  private final Path directory;
  private final long maxBytes;
  private double bytes;

  /**
   * @param directory of the model, for messages
   * @param maxBytes most that all weights together may take
   */
  GraphBounds(Path directory, long maxBytes) {
    this.directory = directory;
    this.maxBytes = maxBytes;
  }

  /**
   * Looks at every variable and constant.
   *
   * @param model of the directory
   * @throws InvalidModelException if a matrix in it is empty, or its weights are too large
   */
  void verify(SavedModel model) {
    for (MetaGraphDef graph : model.getMetaGraphsList()) {
      verify(graph.getGraphDef().getNodeList());
      for (FunctionDef function : graph.getGraphDef().getLibrary().getFunctionList()) {
        verify(function.getNodeDefList());
      }
    }
    if (bytes > maxBytes) {
      throw new InvalidModelException(
          "the weights of %s take %.1f GB, and this machine has room for %.1f GB. Serve it from a larger machine, or train a smaller model."
              .formatted(directory, bytes / 1e9, maxBytes / 1e9));
    }
  }

  private void verify(List<NodeDef> nodes) {
    for (NodeDef node : nodes) {
      if (VARIABLES.contains(node.getOp())) {
        verify(node, node.getAttrOrDefault("shape", AttrValue.getDefaultInstance()).getShape());
      } else if (node.getOp().equals("Const")) {
        verify(
            node,
            node.getAttrOrDefault("value", AttrValue.getDefaultInstance())
                .getTensor()
                .getTensorShape());
      }
    }
  }

  private void verify(NodeDef node, TensorShapeProto shape) {
    if (shape.getDimList().stream().anyMatch(dim -> dim.getSize() < 0)) {
      return; // Unknown until the weights are read.
    }
    DataType type = node.getAttrOrDefault("dtype", AttrValue.getDefaultInstance()).getType();
    double elements = 1;
    for (Dim dim : shape.getDimList()) {
      elements *= dim.getSize();
    }
    // An empty vector is a legal constant, for example of axes or in a concatenation.
    boolean matrix = shape.getDimCount() >= 2 || VARIABLES.contains(node.getOp());
    if (elements == 0 && matrix && NUMBERS.contains(type)) {
      throw new InvalidModelException(
          directory
              + " has weights without numbers: "
              + node.getName()
              + " has the shape "
              + shape.getDimList().stream().map(Dim::getSize).toList()
              + ". Export the model again.");
    }
    bytes += elements * BYTES.getOrDefault(type, 1);
  }
}
