package dev.valence.cli;

import dev.valence.model.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;

/**
 * Where an embedded broker keeps its data.
 *
 * @param path an existing, writable directory
 * @param temporary whether {@link #close} removes it
 */
record DataDirectory(Path path, boolean temporary) implements AutoCloseable {

  /** A new directory that is removed when it is closed. */
  static DataDirectory createTemporary() throws IOException {
    return new DataDirectory(Files.createTempDirectory("valence-broker-"), true);
  }

  /**
   * A directory that stays; it is made when missing.
   *
   * @throws CommandFailedException when it is a file or cannot be written
   */
  static DataDirectory kept(Path path) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new CommandFailedException(
          "the data directory is a file: " + path + ". Name a directory.");
    }
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw unwritable(path, ": " + Reason.of(e, path), e);
    }
    if (!Files.isWritable(path)) {
      throw unwritable(path, "", null);
    }
    return new DataDirectory(path.toAbsolutePath(), false);
  }

  /** Removes a temporary directory and all in it. */
  @Override
  public void close() throws IOException {
    if (temporary) {
      Utils.delete(path.toFile());
    }
  }

  private static CommandFailedException unwritable(Path path, String reason, IOException cause) {
    return new CommandFailedException(
        "cannot write to the data directory " + path + reason + ". Name another.", cause);
  }
}
