package dev.valence.model;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model says about itself, kept as {@code manifest.json} in its directory.
 *
 * @param modelName name of the model, the same for all its versions; not blank
 * @param version version of the model, positive; a repository assigns it when the model is
 *     published
 * @param labels at least two distinct names; label i belongs to column i of the model's output
 * @param createdAt when the model was exported
 * @param codeRevision version of Valence that exported it
 * @param trainingDataDigest digest of the corpus that it was trained on
 * @param metrics finite figures of its evaluation by name, for example {@code validation_accuracy}
 * @param calibration how the probabilities were calibrated; the graph has it built in
 * @param abstentionThreshold from 0 (never abstains) to 1; a review whose highest probability is
 *     below is labelled {@link Score#UNCERTAIN}
 * @param files every file of the model but the manifest, by its path relative to the directory,
 *     with {@code /} between names; empty while the model is not sealed
 */
public record ModelManifest(
    String modelName,
    long version,
    List<String> labels,
    Instant createdAt,
    String codeRevision,
    String trainingDataDigest,
    Map<String, Double> metrics,
    Calibration calibration,
    double abstentionThreshold,
    Map<String, FileDigest> files) {

  /** Name of the manifest's file in the model's directory. */
  public static final String FILE_NAME = "manifest.json";

  /**
   * How logits became probabilities: {@code softmax(logits / temperature)}.
   *
   * @param temperature positive; 1 leaves the probabilities as they were trained
   */
  public record Calibration(double temperature) {

    public Calibration {
      require(
          temperature > 0 && Double.isFinite(temperature),
          "temperature must be a positive number: " + temperature);
    }
  }

  /**
   * What a file must look like.
   *
   * @param size bytes, not negative
   * @param sha256 SHA-256 of the content, 64 lower-case hexadecimal digits
   */
  public record FileDigest(long size, String sha256) {

    public FileDigest {
      require(size >= 0, "size of a file must not be negative: " + size);
      require(
          sha256 != null && sha256.matches("[0-9a-f]{64}"),
          "sha256 must be 64 hexadecimal digits: " + sha256);
    }
  }

  /**
   * @throws IllegalArgumentException if a field is missing or outside of its range
   */
  public ModelManifest {
    require(modelName != null && !modelName.isBlank(), "modelName must not be blank");
    require(version > 0, "version must be positive: " + version);
    require(
        labels != null && labels.size() >= 2, "labels must name at least two classes: " + labels);
    require(
        labels.stream().noneMatch(label -> label == null || label.isBlank()),
        "labels must not be blank: " + labels);
    require(new HashSet<>(labels).size() == labels.size(), "labels must be distinct: " + labels);
    require(createdAt != null, "createdAt is missing");
    require(codeRevision != null, "codeRevision is missing");
    require(trainingDataDigest != null, "trainingDataDigest is missing");
    require(metrics != null, "metrics are missing");
    require(calibration != null, "calibration is missing");
    require(
        abstentionThreshold >= 0 && abstentionThreshold <= 1,
        "abstentionThreshold must be from 0 to 1: " + abstentionThreshold);
    require(files != null, "files are missing");
    metrics.forEach(
        (name, value) ->
            require(
                value != null && Double.isFinite(value),
                "metric " + name + " must be a finite number: " + value));
    files.forEach(
        (path, digest) -> require(digest != null, "file " + path + " has no size and sha256"));
    labels = List.copyOf(labels);
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  /**
   * Reads a model's manifest, but verifies nothing else.
   *
   * @param modelDirectory the model's directory
   * @throws InvalidModelException if it has no manifest or one that cannot be understood
   */
  public static ModelManifest read(Path modelDirectory) {
    return ManifestFile.read(modelDirectory);
  }

  /** The same manifest under another version. */
  public ModelManifest withVersion(long newVersion) {
    return new ModelManifest(
        modelName,
        newVersion,
        labels,
        createdAt,
        codeRevision,
        trainingDataDigest,
        metrics,
        calibration,
        abstentionThreshold,
        files);
  }

  /** The same manifest with other files. */
  ModelManifest withFiles(Map<String, FileDigest> newFiles) {
    return new ModelManifest(
        modelName,
        version,
        labels,
        createdAt,
        codeRevision,
        trainingDataDigest,
        metrics,
        calibration,
        abstentionThreshold,
        newFiles);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
