package dev.valence.text;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * One of a pipeline's two files.
 *
 * @param what what the file is, for messages
 */
record AssetFile(String what, Path path) {

  /**
   * @throws IOException if the file is missing, unreadable or not UTF-8, in words for a user
   */
  String read() throws IOException {
    try {
      return Files.readString(path, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new IOException(what + " is missing: " + path + ". Export the model again.", e);
    } catch (CharacterCodingException e) {
      throw new IOException(what + " is not UTF-8: " + path + ". Export the model again.", e);
    } catch (IOException e) {
      throw new IOException(what + " cannot be read: " + e + ". Check the file's permissions.", e);
    }
  }

  /**
   * Writes the file, and the directories above it if they are missing.
   *
   * @throws IOException if the file cannot be written, in words for a user
   */
  void write(CharSequence content) throws IOException {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(path, content, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IOException(
          what + " cannot be written: " + e + ". Check the directory and the space on the disk.",
          e);
    }
  }
}
