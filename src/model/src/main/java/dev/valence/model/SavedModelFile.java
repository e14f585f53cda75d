package dev.valence.model;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;

/**
 * The file {@code saved_model.pb} of a model: what its graphs are, before TensorFlow loads them.
 */
final class SavedModelFile {

  /** Tags the graph that multiplies eight-bit integers, beside {@code serve}. */
  static final String INT8_TAG = "int8";

  private static final String NAME = "saved_model.pb";

  private final Path directory;

  /**
   * @param directory of the model
   */
  SavedModelFile(Path directory) {
    this.directory = directory;
  }

  /**
   * What decides how long a model takes.
   *
   * @param widths of the state that it carries from chunk to chunk, by name
   * @param multiplied types that the steps of a chunk multiply: signed codes are much slower than
   *     others on some processors
   */
  record Work(Map<String, Integer> widths, Set<DataType> multiplied) {
    private static final Work UNKNOWN = new Work(Map.of(), Set.of());
  }

  /**
   * Reads it.
   *
   * @throws InvalidModelException if it is not there, cannot be read, or is no SavedModel
   */
  SavedModel read() {
    Path file = directory.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      throw new InvalidModelException(
          directory + " holds no " + NAME + ". Export or copy the model again.");
    }
    try (InputStream in = Files.newInputStream(file)) {
      CodedInputStream coded = CodedInputStream.newInstance(in);
      coded.setSizeLimit(Integer.MAX_VALUE);
      return SavedModel.parseFrom(coded);
    } catch (IOException e) {
      throw new InvalidModelException(
          file
              + " is not a SavedModel: "
              + Reason.of(e).replaceAll("\\R\\s*+", " ")
              + " Export or copy the model again.",
          e);
    }
  }

  /**
   * What a model can compute with: always {@link Precision#FP32}, and {@link Precision#INT8} if it
   * brings a graph for it.
   */
  Set<Precision> precisions() {
    boolean int8 =
        graphs().stream()
            .anyMatch(graph -> graph.getMetaInfoDef().getTagsList().contains(INT8_TAG));
    return int8 ? EnumSet.of(Precision.FP32, Precision.INT8) : EnumSet.of(Precision.FP32);
  }

  /** Models of the same work take the same time. Unknown if it does not read in chunks. */
  Work work() {
    List<MetaGraphDef> graphs = graphs();
    Set<DataType> multiplied =
        graphs.stream()
            .flatMap(graph -> graph.getGraphDef().getLibrary().getFunctionList().stream())
            .flatMap(function -> function.getNodeDefList().stream())
            .map(node -> node.getAttrOrDefault("T1", AttrValue.getDefaultInstance()).getType())
            .collect(Collectors.toSet());
    return graphs.stream()
        .flatMap(graph -> ChunkSignatures.of(graph).stream())
        .findFirst()
        .map(signatures -> new Work(signatures.widths(), multiplied))
        .orElse(Work.UNKNOWN);
  }

  private List<MetaGraphDef> graphs() {
    try {
      return read().getMetaGraphsList();
    } catch (InvalidModelException e) {
      return List.of(); // Loading it says what is wrong.
    }
  }
}
