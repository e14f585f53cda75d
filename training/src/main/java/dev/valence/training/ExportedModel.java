package dev.valence.training;

import dev.valence.model.ModelManifest;
import dev.valence.text.TextPipeline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A model directory whose weights are in half precision, as they were exported at first, to be
 * learned from again.
 */
final class ExportedModel {
  private static final String VARIABLE = "VariableV2";

  private final Path directory;

  ExportedModel(Path directory) {
    this.directory = directory;
  }

  /**
   * The classifier that was exported, if its weights are in half precision.
   *
   * @throws TrainingException if the directory cannot be read
   * @throws dev.valence.model.InvalidModelException if it has no manifest
   */
  Optional<Classifier> classifier() {
    ModelManifest manifest = ModelManifest.read(directory);
    try {
      Optional<Hyperparameters> known = numbers(shapes());
      if (known.isEmpty()) {
        return Optional.empty();
      }
      Hyperparameters numbers = known.get();
      TextPipeline pipeline = TextPipeline.load(directory.resolve("assets"));
      Parameters like =
          Classifier.fresh(numbers, pipeline.vocabulary().size(), manifest.labels().size());
      return Optional.of(
          new Classifier(
              new Classifier.Facts(
                  numbers.toJson(),
                  manifest.labels(),
                  manifest.trainingDataDigest(),
                  manifest.calibration().temperature(),
                  manifest.metrics()),
              pipeline,
              Parameters.read(directory.resolve("variables/variables"), like)));
    } catch (IOException e) {
      throw new TrainingException(
          "cannot read the model in " + directory + ": " + e.getMessage() + ". Copy it again.", e);
    }
  }

  /** Shape of each variable of the graph. */
  private Map<String, long[]> shapes() throws IOException {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    try (InputStream in = Files.newInputStream(directory.resolve("saved_model.pb"))) {
      for (NodeDef node : SavedModel.parseFrom(in).getMetaGraphs(0).getGraphDef().getNodeList()) {
        if (node.getOp().equals(VARIABLE)) {
          List<TensorShapeProto.Dim> dimensions =
              node.getAttrOrThrow("shape").getShape().getDimList();
          shapes.put(
              node.getName(),
              dimensions.stream().mapToLong(TensorShapeProto.Dim::getSize).toArray());
        }
      }
    }
    return shapes;
  }

  /**
   * The architecture, unless the graph has other weights; all else that it does not tell is the
   * seed's.
   */
  private static Optional<Hyperparameters> numbers(Map<String, long[]> shapes) {
    int layers = 0;
    while (shapes.containsKey(Parameters.lstm(layers, "hidden"))) {
      layers++;
    }
    if (layers == 0
        || !shapes.containsKey(Parameters.EMBEDDING)
        || !shapes.containsKey(ClassifierHead.HIDDEN_BIAS)) {
      return Optional.empty();
    }
    return Optional.of(
        Hyperparameters.seedClassifier()
            .with(
                Map.of(
                    "nl",
                    Integer.toString(layers),
                    "em_sz",
                    Long.toString(shapes.get(Parameters.EMBEDDING)[1]),
                    "nh",
                    Long.toString(shapes.get(Parameters.lstm(0, "hidden"))[0]),
                    "head_size",
                    Long.toString(shapes.get(ClassifierHead.HIDDEN_BIAS)[0]))));
  }
}
