package dev.valence.cli;

import dev.valence.model.ModelManifest;
import dev.valence.model.ModelRepository;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the directory of the model that a user means. */
public final class ModelChoice {
  private final BundledModel bundled = new BundledModel();

  /**
   * The directory of one version.
   *
   * @param named a model's directory, a repository's directory (then its latest version is meant),
   *     or null for the bundled model
   * @throws CommandFailedException if there is no bundled model
   * @throws java.io.UncheckedIOException if it is a repository that cannot be read
   */
  public Path directory(Path named) {
    Path directory = named == null ? bundled.repository() : named;
    if (Files.exists(directory.resolve(ModelManifest.FILE_NAME)) || !Files.isDirectory(directory)) {
      return directory;
    }
    ModelRepository repository = new ModelRepository(directory);
    return repository.latest().map(repository::directory).orElse(directory);
  }

  /**
   * A repository's directory.
   *
   * @param named the directory, or null for the bundled repository
   * @throws CommandFailedException if it does not exist
   */
  Path repository(Path named) {
    Path repository = named == null ? bundled.repository() : named;
    if (!Files.isDirectory(repository)) {
      throw new CommandFailedException(
          "there is no model repository " + repository + ". Name a directory of versions.");
    }
    return repository;
  }
}
