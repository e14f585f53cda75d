package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPackagerTest {

  @TempDir Path temporary;

  private Path directory;

  @BeforeEach
  void export() throws IOException {
    directory = temporary.resolve("exported");
    TinyModel.export(directory, 1);
  }

  @Test
  void listsEveryFileButTheManifest() throws IOException {
    ModelManifest manifest =
        ModelPackager.seal(directory, TinyModel.draft(3, 0.5), List.of("good"));

    assertThat(manifest.version()).isEqualTo(3);
    assertThat(manifest.files())
        .containsOnlyKeys(
            "assets.extra/golden.jsonl",
            "assets/text-pipeline.json",
            "assets/vocabulary.txt",
            "saved_model.pb",
            "variables/variables.data-00000-of-00001",
            "variables/variables.index");
    assertThat(ManifestFile.read(directory)).isEqualTo(manifest);
  }

  @Test
  void recordsTextIdsAndProbabilitiesOfTheGoldenReviews() throws IOException {
    ModelPackager.seal(directory, TinyModel.draft(1, 0), List.of("film", "\"a\" ü"));

    assertThat(Files.readAllLines(directory.resolve("assets.extra/golden.jsonl")))
        .hasSize(2)
        .first()
        .isEqualTo(
            "{\"text\":\"film\",\"ids\":[2,"
                + TinyModel.textPipeline().vocabulary().id("film")
                + "],\"probabilities\":[0.5,0.5]}");
  }

  @Test
  void sealsAgain() throws IOException {
    ModelPackager.seal(directory, TinyModel.draft(1, 0), List.of("good"));

    ModelPackager.seal(directory, TinyModel.draft(2, 0), List.of("bad", "good"));

    try (SentimentModel model = SentimentModel.load(directory)) {
      assertThat(model.manifest().version()).isEqualTo(2);
    }
  }

  @Test
  void leavesNoManifestInWhatIsNoModel() throws IOException {
    ModelPackager.seal(directory, TinyModel.draft(1, 0), List.of("good"));
    Path broken = directory;
    TinyModel.exportGraph(broken, new float[5][2]);

    assertThatThrownBy(() -> ModelPackager.seal(broken, TinyModel.draft(1, 0), List.of("<unk>")))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("vocabulary.txt has 17 lines but the embedding has 5 rows");
    assertThat(broken.resolve("manifest.json")).doesNotExist();
  }

  @Test
  void needsGoldenReviewsWithWords() {
    assertThatThrownBy(() -> ModelPackager.seal(directory, TinyModel.draft(1, 0), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a model needs at least one golden review");
    assertThatThrownBy(
            () -> ModelPackager.seal(directory, TinyModel.draft(1, 0), List.of("good", " ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a golden review must have at least one token: ' '");
    assertThat(directory.resolve("manifest.json")).doesNotExist();
  }
}
