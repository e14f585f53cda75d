package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.model.ModelManifest.Calibration;
import dev.valence.model.ModelManifest.FileDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelManifestTest {

  private static final ModelManifest MANIFEST =
      new ModelManifest(
          "films",
          7,
          List.of("negative", "positive"),
          Instant.parse("2026-03-04T05:06:07.890123Z"),
          "4f2a91c",
          "sha256:00ff",
          Map.of("validation_accuracy", 0.914, "validation_loss", 0.22),
          new Calibration(1.37),
          0.6,
          Map.of("saved_model.pb", new FileDigest(1234, "ab".repeat(32))));

  @TempDir Path directory;

  @Test
  void readsWhatItWrote() throws IOException {
    ManifestFile.write(directory, MANIFEST);

    assertThat(ManifestFile.read(directory)).isEqualTo(MANIFEST);
  }

  @Test
  void readsTheFieldsThatOtherProgramsWrite() throws IOException {
    write(
        """
        {
          "modelName": "films",
          "version": 7,
          "labels": ["negative", "positive"],
          "createdAt": "2026-03-04T05:06:07.890123Z",
          "codeRevision": "4f2a91c",
          "trainingDataDigest": "sha256:00ff",
          "metrics": {"validation_accuracy": 0.914, "validation_loss": 0.22},
          "calibration": {"temperature": 1.37},
          "abstentionThreshold": 0.6,
          "files": {"saved_model.pb": {"size": 1234, "sha256": "%s"}}
        }
        """
            .formatted("ab".repeat(32)));

    assertThat(ManifestFile.read(directory)).isEqualTo(MANIFEST);
  }

  @Test
  void leavesNothingBesideTheManifest() throws IOException {
    ManifestFile.write(directory, MANIFEST);

    assertThat(directory).isDirectoryNotContaining(path -> !path.endsWith("manifest.json"));
  }

  @Test
  void saysWhatIsWrongWithAManifest() throws IOException {
    ManifestFile.write(directory, MANIFEST);
    String good = Files.readString(directory.resolve("manifest.json"));

    assertRefused(
        good.replace("\"version\" : 7", "\"version\" : 0"), "version must be positive: 0");
    assertRefused(
        good.replace("\"negative\", ", ""), "labels must name at least two classes: [positive]");
    assertRefused(
        good.replace("negative", "positive"), "labels must be distinct: [positive, positive]");
    assertRefused(good.replace("\"films\"", "\" \""), "modelName must not be blank");
    assertRefused(good.replace("1.37", "0"), "temperature must be a positive number: 0.0");
    assertRefused(good.replace("0.6", "1.5"), "abstentionThreshold must be from 0 to 1: 1.5");
    assertRefused(
        good.replace("0.914", "\"NaN\""),
        "metric validation_accuracy must be a finite number: NaN");
    assertRefused(good.replace("abab", "abAB"), "sha256 must be 64 hexadecimal digits");
    assertRefused(
        good.replace("\"abstentionThreshold\" : 0.6,", ""),
        "no usable value for the field abstentionThreshold");
    assertRefused(
        good.replace("codeRevision", "trainer"), "no usable value for the field codeRevision");
    assertRefused(
        good.replace("\"version\" : 7", "\"version\" : \"new\""),
        "no usable value for the field version");
    assertRefused(
        good.replaceFirst("\\{", "{\"quantization\": 8,"),
        "unknown field quantization: a newer Valence");
    assertRefused(good.substring(0, good.length() / 2), "cannot be understood");
    assertRefused("", "no usable value for any field");
  }

  private void assertRefused(String manifest, String message) throws IOException {
    write(manifest);

    assertThatThrownBy(() -> ManifestFile.read(directory))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(directory.resolve("manifest.json").toString())
        .hasMessageContaining(message)
        .message()
        .isNotBlank()
        .doesNotContain("\n");
  }

  private void write(String manifest) throws IOException {
    Files.writeString(directory.resolve("manifest.json"), manifest);
  }
}
