package dev.valence.model;

import dev.valence.text.TextPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes a model of an exported graph: golden reviews, then the manifest, last. */
public final class ModelPackager {

  private ModelPackager() {}

  /**
   * Seals a directory that holds {@code saved_model.pb}, {@code variables/} and {@code assets/}:
   * scores the golden reviews, writes them to {@code assets.extra/golden.jsonl}, and writes {@code
   * manifest.json} in one step when all else is there. The sealed model is loaded once in each of
   * its precisions, as a server would, before this returns.
   *
   * @param directory what the exporter wrote; a manifest in it is replaced
   * @param draft what the model says about itself; its files are ignored and measured anew
   * @param goldenReviews at least one raw review, each with at least one token; a dozen of
   *     different lengths serves well
   * @return the manifest that was written
   * @throws InvalidModelException if the directory does not make a model
   * @throws IllegalArgumentException if there is no golden review, or one has no token
   * @throws IOException if the directory cannot be written
   */
  public static ModelManifest seal(Path directory, ModelManifest draft, List<String> goldenReviews)
      throws IOException {
    Path manifestFile = directory.resolve(ModelManifest.FILE_NAME);
    Files.deleteIfExists(manifestFile);
    TextPipeline pipeline = ModelLoader.readTextPipeline(directory);
    try (ServingGraph graph = ServingGraph.load(directory, Precision.FP32)) {
      GoldenReviews.record(goldenReviews, pipeline, graph).write(directory);
    }
    ModelManifest manifest = draft.withFiles(ModelFiles.measure(directory));
    ManifestFile.write(directory, manifest);
    try {
      for (Precision precision : new SavedModelFile(directory).precisions()) {
        SentimentModel.load(directory, precision, List.of()).close();
      }
    } catch (InvalidModelException e) {
      Files.delete(manifestFile);
      throw e;
    }
    return manifest;
  }
}
