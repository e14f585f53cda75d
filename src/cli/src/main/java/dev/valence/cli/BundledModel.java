package dev.valence.cli;

import dev.valence.model.ModelRepository;
import dev.valence.training.Classifier;
import dev.valence.training.LanguageModel;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The models that come with Valence: a repository in {@code models/imdb} beside the jar, where the
 * build copies {@code src/model/bundled/imdb}, and a language model in {@code language-model}, from
 * {@code training/bundled/language-model}. Classes run from {@code target/classes} find them in
 * {@code target}.
 */
final class BundledModel {
  private static final String NAME = "imdb";

  private final Path home;

  /** Looks beside the code that runs. */
  BundledModel() {
    this(homeOfThisCode());
  }

  /**
   * Looks in another place.
   *
   * @param home the directory that holds {@code models/}
   */
  BundledModel(Path home) {
    this.home = home;
  }

  /**
   * The bundled model repository.
   *
   * @return a directory with one subdirectory per version
   * @throws CommandFailedException when it is missing
   */
  Path repository() {
    Path repository = home.resolve("models").resolve(NAME);
    if (!Files.isDirectory(repository)) {
      throw new CommandFailedException(
          "no bundled model: "
              + repository
              + " does not exist. Build Valence again (mvn package), or name a model yourself.");
    }
    return repository;
  }

  /**
   * The latest bundled model as a classifier to go on from; empty if it does not give its weights.
   *
   * @throws CommandFailedException when it is missing
   */
  Optional<Classifier> classifier() {
    Path directory = repository();
    ModelRepository models = new ModelRepository(directory);
    return Classifier.ofModel(models.latest().map(models::directory).orElse(directory));
  }

  /**
   * The bundled language model.
   *
   * @throws CommandFailedException when it is missing
   */
  LanguageModel languageModel() {
    Path folder = home.resolve("language-model");
    if (!Files.isDirectory(folder)) {
      throw new CommandFailedException(
          "no bundled language model: "
              + folder
              + " does not exist. Name one that 'valence train lm' has written with"
              + " --language-model.");
    }
    return LanguageModel.read(folder);
  }

  private static Path homeOfThisCode() {
    try {
      return Path.of(BundledModel.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
