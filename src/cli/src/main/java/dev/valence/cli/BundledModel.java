package dev.valence.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The model that comes with Valence: a repository in {@code models/imdb} beside the jar, where the
 * build copies {@code src/model/bundled/imdb}. Classes run from {@code target/classes} find it in
 * {@code target/models/imdb}.
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

  private static Path homeOfThisCode() {
    try {
      return Path.of(BundledModel.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
