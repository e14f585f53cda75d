package dev.valence.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files of a folder that belong together and are replaced together: written beside the old ones
 * first, so that a full disk leaves those as they were.
 */
final class StagedFiles {
  private final Path folder;
  private final Path staged;

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
  }

  /**
   * Replaces the files.
   *
   * @throws IOException if they cannot be written; what the content throws passes through
   */
  void replace(Content content) throws IOException {
    delete(staged);
    Files.createDirectories(staged);
    try {
      content.write(staged);
      List<Path> files;
      try (Stream<Path> listed = Files.list(staged)) {
        files = listed.toList();
      }
      for (Path file : files) {
        Files.move(
            file, folder.resolve(file.getFileName().toString()), StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      delete(staged);
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
