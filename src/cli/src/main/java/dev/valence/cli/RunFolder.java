package dev.valence.cli;

import dev.valence.model.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder of a training run, which one process at a time writes into.
 *
 * @param path made if it is missing
 */
record RunFolder(Path path) {
  private static final String LOCK = ".lock";

  /**
   * Keeps others out of the folder while this one works there.
   *
   * @throws CommandFailedException if it cannot be written, or another run is at work there
   */
  void alone(Runnable work) {
    try (FileChannel lock = open()) {
      if (isTaken(lock)) {
        throw new CommandFailedException(
            "another run writes into %s. Wait for it, or name another folder with --out."
                .formatted(path));
      }
      work.run();
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot write into %s: %s. Name another folder with --out."
              .formatted(path, Reason.of(e, path)),
          e);
    }
  }

  private FileChannel open() throws IOException {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot make the folder %s: %s. Name another one with --out."
              .formatted(path, Reason.of(e, path)),
          e);
    }
    return FileChannel.open(
        path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static boolean isTaken(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }
}
