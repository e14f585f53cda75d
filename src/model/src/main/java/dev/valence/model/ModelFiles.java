package dev.valence.model;

import dev.valence.model.ModelManifest.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The files of a model's directory: measured when it is sealed, compared with its manifest ever
 * after.
 */
final class ModelFiles {

  private ModelFiles() {}

  /**
   * Size and SHA-256 of every file below the directory but the manifest.
   *
   * @throws InvalidModelException if something in it is neither a file nor a directory
   * @throws IOException if a file cannot be read
   */
  static Map<String, FileDigest> measure(Path directory) throws IOException {
    Map<String, FileDigest> digests = new TreeMap<>();
    for (String path : list(directory)) {
      digests.put(path, measureFile(directory.resolve(path)));
    }
    return digests;
  }

  /**
   * @throws InvalidModelException if the directory holds other files than the manifest says
   */
  static void verify(Path directory, ModelManifest manifest) {
    try {
      SortedSet<String> present = list(directory);
      for (Map.Entry<String, FileDigest> file : manifest.files().entrySet()) {
        verify(directory, file.getKey(), file.getValue(), present);
      }
      present.removeAll(manifest.files().keySet());
      if (!present.isEmpty()) {
        throw new InvalidModelException(
            directory
                + " holds a file that its manifest does not list: "
                + present.first()
                + ". Remove it, or export the model again.");
      }
    } catch (UncheckedIOException e) {
      throw InvalidModelException.unreadable(directory, e.getCause());
    } catch (IOException e) {
      throw InvalidModelException.unreadable(directory, e);
    }
  }

  private static Path resolved(Path directory, String path) {
    try {
      return directory.resolve(path);
    } catch (InvalidPathException e) {
      throw new InvalidModelException(
          "the manifest of %s lists a file whose name is none: %s. Do not trust this model."
              .formatted(directory, e.getReason()),
          e);
    }
  }

  private static void verify(
      Path directory, String path, FileDigest expected, SortedSet<String> present)
      throws IOException {
    Path whole = directory.toAbsolutePath().normalize();
    Path file = resolved(whole, path).normalize();
    if (!file.startsWith(whole)) {
      throw new InvalidModelException(
          "the manifest of "
              + directory
              + " lists a file outside of it: "
              + path
              + ". Do not trust this model.");
    }
    if (!present.contains(path)) {
      throw new InvalidModelException(
          directory
              + " lacks the file "
              + path
              + " that its manifest lists. Copy the model again.");
    }
    long size = Files.size(file);
    if (size != expected.size()) {
      throw new InvalidModelException(
          file
              + " has "
              + size
              + " bytes but the manifest says "
              + expected.size()
              + ". Copy the model again.");
    }
    String sha256 = measureFile(file).sha256();
    if (!sha256.equals(expected.sha256())) {
      throw new InvalidModelException(
          file
              + " has the SHA-256 "
              + sha256
              + " but the manifest says "
              + expected.sha256()
              + ". Copy the model again.");
    }
  }

  private static SortedSet<String> list(Path directory) throws IOException {
    if (Files.isSymbolicLink(directory)) {
      throw new InvalidModelException(
          directory + " is a link. A model is a directory of plain files: copy it.");
    }
    SortedSet<String> paths = new TreeSet<>();
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        if (path.equals(directory) || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          continue;
        }
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          throw new InvalidModelException(
              path
                  + " is a link or a special file. A model consists of plain files: copy the file itself.");
        }
        paths.add(relative(directory, path));
      }
    }
    paths.remove(ModelManifest.FILE_NAME);
    return paths;
  }

  private static String relative(Path directory, Path file) {
    return directory.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }

  private static FileDigest measureFile(Path file) throws IOException {
    MessageDigest sha256 = sha256();
    long size;
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
      size = in.transferTo(OutputStream.nullOutputStream());
    }
    return new FileDigest(size, HexFormat.of().formatHex(sha256.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
