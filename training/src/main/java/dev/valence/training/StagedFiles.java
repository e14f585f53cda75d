package dev.valence.training;

import dev.valence.model.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files of a folder that belong together and are replaced together: written beside the old ones
 * first, so that a full disk leaves those as they were, and what a kill left half replaced can be
 * finished.
 */
final class StagedFiles {
  private final Path folder;
  private final Path staged;
  private final Path whole;

  /** What writes the files into a folder that is there. */
  @FunctionalInterface
  interface Content {
    void write(Path folder) throws IOException;
  }

  /**
   * @param folder is made if it is not there; its other files stay
   */
  StagedFiles(Path folder) {
    this.folder = folder;
    this.staged = folder.resolve(".partial-files");
    this.whole = folder.resolve(".whole-files");
  }

  /**
   * Replaces the files.
   *
   * @throws IOException if they cannot be written; what the content throws passes through
   */
  void replace(Content content) throws IOException {
    finish();
    delete(staged);
    Files.createDirectories(staged);
    try {
      content.write(staged);
      Files.move(staged, whole, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(staged);
    }
    finish();
  }

  /**
   * Moves what a run that was killed meanwhile had written, but not moved, to its place.
   *
   * @throws IOException if it cannot be moved
   */
  void finish() throws IOException {
    if (!Files.exists(whole)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> listed = Files.list(whole)) {
      files = listed.toList();
    }
    for (Path file : files) {
      Files.move(
          file, folder.resolve(file.getFileName().toString()), StandardCopyOption.ATOMIC_MOVE);
    }
    delete(whole);
  }

  /**
   * The same before the files are read.
   *
   * @throws TrainingException if it cannot be moved
   */
  void finishBeforeReading() {
    try {
      finish();
    } catch (IOException e) {
      throw new TrainingException(
          "cannot finish what a run was writing in %s: %s. Mend the folder."
              .formatted(folder, Reason.of(e)),
          e);
    }
  }

  /** Deletes a folder and all in it; none is fine. */
  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> inside = Files.walk(folder)) {
        for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
