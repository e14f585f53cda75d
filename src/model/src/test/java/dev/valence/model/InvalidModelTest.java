package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each way in which a directory is not a model is refused with a line that says so. */
class InvalidModelTest {

  private static Path sound;

  @TempDir Path temporary;

  @BeforeAll
  static void writeAModel(@TempDir Path directory) {
    sound = directory.resolve("sound");
    TinyModel.write(sound, TinyModel.draft(7, 0));
  }

  @ParameterizedTest
  @EnumSource
  void refusesIt(BrokenModel kind) {
    Path directory = temporary.resolve("7");
    kind.copy(sound, directory);

    assertRefused(directory, kind.reason());
  }

  @Test
  void refusesADirectoryThatIsNotThere() {
    assertRefused(temporary.resolve("absent"), "There is no model directory ");
  }

  @Test
  void refusesALinkToAModel() throws IOException {
    TinyModel.write(temporary.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(temporary.resolve("1"), temporary.resolve("elsewhere"));

    assertRefused(link, "is a link");
  }

  @Test
  void refusesWhatItMayNotRead() throws IOException {
    Path directory = temporary.resolve("1");
    TinyModel.write(directory);
    Path weights = directory.resolve("variables");
    Files.setPosixFilePermissions(weights, PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(weights)).as("root may read everything").isFalse();

    assertRefused(directory, "cannot be read: AccessDenied: " + weights);

    Files.setPosixFilePermissions(weights, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void refusesGoldenReviewsThatAreNone() throws IOException {
    Path directory = temporary.resolve("1");
    TinyModel.write(directory);
    Files.writeString(directory.resolve("assets.extra/golden.jsonl"), "{\"text\": \"x\"}\n");
    ManifestFile.write(
        directory, ManifestFile.read(directory).withFiles(ModelFiles.measure(directory)));

    assertRefused(directory, "golden.jsonl line 1 cannot be understood");
  }

  @Test
  void isNotSealed() throws IOException {
    Path nan = temporary.resolve("nan");
    Path leaking = temporary.resolve("leaking");
    TinyModel.write(leaking);
    TinyModel.exportGraph(
        leaking, TinyModel.weights(TinyModel.textPipeline().vocabulary(), 1), false);
    List<String> golden = List.of("good", "a good film and a kettle");

    assertThatThrownBy(() -> TinyModel.write(nan, TinyModel.draft(1, 0), Float.NaN))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("gets the probability NaN: the weights are damaged");
    assertThatThrownBy(() -> ModelPackager.seal(leaking, TinyModel.draft(1, 0), golden))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("golden review 1 (assets.extra/golden.jsonl) gets the probabilities");
    assertThat(leaking.resolve("manifest.json")).doesNotExist();
  }

  private static void assertRefused(Path directory, String reason) {
    assertThatThrownBy(() -> SentimentModel.load(directory))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining(reason)
        .message()
        .doesNotContain("\n");
  }
}
