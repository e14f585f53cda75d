package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.model.TinyModel;
import dev.valence.training.Classifier;
import dev.valence.training.TrainingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledModelTest {

  @TempDir Path home;

  @Test
  void liesBesideTheCode() throws Exception {
    Path repository = Files.createDirectories(home.resolve("models/imdb"));

    assertThat(new BundledModel(home).repository()).isEqualTo(repository);
  }

  @Test
  void saysThatItIsMissing() {
    assertThatThrownBy(() -> new BundledModel(home).repository())
        .isInstanceOf(CommandFailedException.class)
        .hasMessage(
            "no bundled model: "
                + home.resolve("models/imdb")
                + " does not exist. Build Valence again (mvn package), or name a model yourself.");
  }

  @Test
  void saysThatNoLanguageModelCameWithTheBuild() throws Exception {
    assertThatThrownBy(() -> new BundledModel(home).languageModel())
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContainingAll(home.resolve("language-model").toString(), "--language-model");

    Files.createDirectories(home.resolve("language-model"));
    assertThatThrownBy(() -> new BundledModel(home).languageModel())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("no language model in " + home.resolve("language-model"));
  }

  @Test
  void isWhatOwnClassifiersStartFrom() {
    Classifier classifier = new BundledModel().classifier().orElseThrow();

    assertThat(classifier.facts().labels()).containsExactly("negative", "positive");
  }

  @Test
  void isBesideALanguageModelOfTheSameWords() {
    assertThat(new BundledModel().languageModel().pipeline().vocabulary().size())
        .isEqualTo(new BundledModel().classifier().orElseThrow().pipeline().vocabulary().size());
  }

  @Test
  void isNoStartForClassifiersIfItDoesNotGiveItsWeights() throws Exception {
    TinyModel.write(Files.createDirectories(home.resolve("models/imdb/1")));

    assertThat(new BundledModel(home).classifier()).isEmpty();
  }
}
