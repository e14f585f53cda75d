package dev.valence.training;

import dev.valence.model.InvalidModelException;
import dev.valence.model.ModelManifest;
import dev.valence.model.ModelPackager;
import dev.valence.model.Reason;
import dev.valence.text.TextPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * Writes a classifier as a sealed model directory: clean inference graphs in floats and in eight
 * bits over the same eight-bit weights, calibration built in. A model card for people lies beside
 * it, {@code assets.extra/model-card.md}.
 */
public final class ModelExporter {
  private static final Logger LOG = LoggerFactory.getLogger(ModelExporter.class);

  /**
   * Short and long, plain and mixed: what a change of tokens, weights or padding would score
   * otherwise.
   */
  private static final List<String> GOLDEN_REVIEWS =
      List.of(
          "Wonderful!",
          "I want my two hours back.",
          "The best teacher I ever had: patient, funny, and she never once made us feel stupid.",
          "It's not bad, but it isn't good either.<br /><br />The first half drags; the ending saves it.",
          "The kettle leaked on day one, the replacement leaked on day two, and nobody at the shop cared.",
          "A slow film, I won't deny it. The camera lingers on hands and windows, the dialogue is sparse, and for the first half an hour I "
              + "wondered whether anything would ever happen. Then it does, quietly, and everything that seemed idle before turns out to "
              + "have been necessary. I left the cinema moved, and I have thought about it every day since. 9/10",
          "What a mess. The plot makes no sense, the jokes don't land, and the lead looks as bored as I was. I've seen better acting in a "
              + "school play - and at least there the tickets were free. They spent $80 million on this?! Avoid.",
          "ok",
          "Don't listen to the critics :-) it's a hoot from start to finish.",
          "I expected to love this, given the cast and the reviews, and I really tried. But it is dull, dull, dull.");

  private final String codeRevision;

  /**
   * @param codeRevision what the manifest names as the code that trained the model
   */
  public ModelExporter(String codeRevision) {
    this.codeRevision = codeRevision;
  }

  /**
   * Writes the model, which commits itself to a label for every review.
   *
   * @param name of the model
   * @param version positive
   * @param directory must not exist, or be empty
   * @throws TrainingException if the directory is not empty or cannot be written; it is left as it
   *     was
   */
  public ModelManifest export(Classifier classifier, String name, long version, Path directory) {
    return export(classifier, name, version, Optional.empty(), directory);
  }

  /**
   * Writes the model.
   *
   * @param name of the model
   * @param version positive
   * @param abstention when it does not commit itself; empty for never
   * @param directory must not exist, or be empty
   * @throws TrainingException if the directory is not empty or cannot be written; it is left as it
   *     was
   */
  public ModelManifest export(
      Classifier classifier,
      String name,
      long version,
      Optional<Abstention> abstention,
      Path directory) {
    try {
      boolean there = Files.isDirectory(directory);
      if (there) {
        try (var inside = Files.list(directory)) {
          if (inside.findAny().isPresent()) {
            throw new TrainingException(directory + " is not empty. Name a folder that is.");
          }
        }
      }
      try {
        return write(classifier, name, version, abstention, directory);
      } catch (IOException | RuntimeException e) {
        remove(directory, there, e);
        throw e;
      }
    } catch (IOException | TensorFlowException e) {
      throw new TrainingException(
          "cannot export to "
              + directory
              + ": "
              + Reason.of(e)
              + ". Make room, or name another folder.",
          e);
    }
  }

  private ModelManifest write(
      Classifier classifier,
      String name,
      long version,
      Optional<Abstention> abstention,
      Path directory)
      throws IOException {
    Files.createDirectories(directory);
    ServingGraphs graphs = new ServingGraphs(classifier);
    graphs.write(directory);
    TextPipeline pipeline = classifier.pipeline();
    pipeline.save(Files.createDirectories(directory.resolve("assets")));
    Map<String, Double> metrics = new LinkedHashMap<>();
    classifier
        .facts()
        .validation()
        .forEach((figure, value) -> metrics.put("validation_" + figure, value));
    abstention.ifPresent(
        chosen -> {
          metrics.put("validation_coverage", chosen.coverage());
          metrics.put("validation_kept_precision", chosen.precision());
        });
    ModelManifest draft =
        new ModelManifest(
            name,
            version,
            classifier.facts().labels(),
            Instant.now(),
            codeRevision,
            classifier.facts().corpus(),
            metrics,
            new ModelManifest.Calibration(classifier.facts().temperature()),
            abstention.map(Abstention::threshold).orElse(0.0),
            Map.of());
    Files.writeString(
        Files.createDirectories(directory.resolve("assets.extra")).resolve("model-card.md"),
        new ModelCard(classifier, draft).markdown());
    try {
      return ModelPackager.seal(directory, draft, GOLDEN_REVIEWS);
    } catch (InvalidModelException e) {
      // Outputs that fill little of their range are few codes apart.
      LOG.warn("Exporting without int8, which judges too differently: {}", e.getMessage());
      graphs.writeFloatsOnly(directory);
      return ModelPackager.seal(directory, draft, GOLDEN_REVIEWS);
    }
  }

  /**
   * Removes a part of a model, so that the same export can be tried again.
   *
   * @param there whether the directory was there before, and empty
   */
  private static void remove(Path directory, boolean there, Exception cause) {
    try {
      if (there) {
        try (var inside = Files.list(directory)) {
          for (Path part : inside.toList()) {
            StagedFiles.delete(part);
          }
        }
      } else if (Files.isDirectory(directory)) {
        StagedFiles.delete(directory);
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
