package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    Path folder = Files.createDirectories(home.resolve("language-model"));
    assertThat(new BundledModel(home).languageModel()).isEqualTo(folder);
  }

  @Test
  void isWhatOwnClassifiersStartFrom() {
    assertThat(new BundledModel().classifier().facts().labels())
        .as("training/bundled/classifier, or a bundled model in half precision")
        .containsExactly("negative", "positive");
  }
}
