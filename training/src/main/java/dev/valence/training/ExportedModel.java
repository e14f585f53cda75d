package dev.valence.training;

import dev.valence.model.ModelManifest;
import dev.valence.model.Reason;
import dev.valence.text.TextPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Signature;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/** A model directory whose classifier is to be learned from again. */
final class ExportedModel {
  private final Path directory;

  ExportedModel(Path directory) {
    this.directory = directory;
  }

  /**
   * The classifier that was exported, its encoder as exact as eight bits are; empty if the model
   * does not give its weights (signature {@link ServingGraphs#WEIGHTS}).
   *
   * @throws TrainingException if the directory cannot be read
   * @throws dev.valence.model.InvalidModelException if it has no manifest
   */
  Optional<Classifier> classifier() {
    ModelManifest manifest = ModelManifest.read(directory);
    try (SavedModelBundle bundle =
        SavedModelBundle.loader(directory.toString())
            .withTags("serve")
            .withConfigProto(Device.CPU.config().build())
            .load()) {
      List<String> signatures = bundle.signatures().stream().map(Signature::key).toList();
      if (!signatures.contains(ServingGraphs.WEIGHTS)) {
        return Optional.empty();
      }
      Parameters weights = weights(bundle);
      TextPipeline pipeline = TextPipeline.load(directory.resolve("assets"));
      boolean backwards = signatures.contains(ChunkState.READING_BACKWARDS);
      return Optional.of(
          new Classifier(
              new Classifier.Facts(
                  numbers(weights, backwards).toJson(),
                  manifest.labels(),
                  manifest.trainingDataDigest(),
                  manifest.calibration().temperature(),
                  manifest.metrics()),
              pipeline,
              weights));
    } catch (IOException | TensorFlowException e) {
      throw new TrainingException(
          "cannot read the model in " + directory + ": " + Reason.of(e) + ". Copy it again.", e);
    }
  }

  private static Parameters weights(SavedModelBundle bundle) {
    Map<String, Parameters.Array> arrays = new LinkedHashMap<>();
    try (Result result = bundle.function(ServingGraphs.WEIGHTS).call(Map.of())) {
      for (Map.Entry<String, Tensor> weight : result) {
        TFloat32 tensor = (TFloat32) weight.getValue();
        float[] values = new float[Math.toIntExact(tensor.size())];
        tensor.copyTo(DataBuffers.of(values));
        arrays.put(weight.getKey(), new Parameters.Array(tensor.shape().asArray(), values));
      }
    }
    return new Parameters(arrays);
  }

  /** The architecture; all else that weights do not tell is the seed's. */
  private static Hyperparameters numbers(Parameters weights, boolean backwards) {
    Map<String, Parameters.Array> byName = weights.byName();
    int layers = 0;
    while (byName.containsKey(Parameters.lstm(layers, "hidden"))) {
      layers++;
    }
    return Preset.SEED
        .classifier()
        .with(
            Map.of(
                "nl",
                Integer.toString(layers),
                "em_sz",
                Long.toString(byName.get(Parameters.EMBEDDING).shape()[1]),
                "nh",
                Long.toString(byName.get(Parameters.lstm(0, "hidden")).shape()[0]),
                "head_size",
                Long.toString(byName.get(ClassifierHead.HIDDEN_BIAS).shape()[0]),
                "backwards",
                Boolean.toString(backwards)));
  }
}
