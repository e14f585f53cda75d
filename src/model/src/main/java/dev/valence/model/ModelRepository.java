package dev.valence.model;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The versions of a model: directories named by positive integers below one directory. A version
 * appears whole or not at all, and is never overwritten. Several processes may publish at the same
 * time.
 */
public final class ModelRepository {

  private static final String UNFINISHED = ".publishing-";

  private final Path root;

  /**
   * @param root the directory of the versions; it need not exist yet
   */
  public ModelRepository(Path root) {
    this.root = Objects.requireNonNull(root, "root");
  }

  /**
   * Versions that hold a manifest, lowest first; empty if the repository does not exist.
   *
   * @throws UncheckedIOException if the repository cannot be read
   */
  public List<Long> versions() {
    return numbers()
        .filter(version -> Files.isRegularFile(directory(version).resolve(ModelManifest.FILE_NAME)))
        .boxed()
        .toList();
  }

  /**
   * The highest of the {@link #versions()}.
   *
   * @throws UncheckedIOException if the repository cannot be read
   */
  public Optional<Long> latest() {
    List<Long> versions = versions();
    return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(versions.size() - 1));
  }

  /**
   * Where a version is, whether or not it exists.
   *
   * @param version positive
   * @throws IllegalArgumentException if the version is not positive
   */
  public Path directory(long version) {
    if (version < 1) {
      throw new IllegalArgumentException("a model version is a positive integer: " + version);
    }
    return root.resolve(Long.toString(version));
  }

  /**
   * A mark of a version's files that changes when one of them comes, goes, grows, is written anew
   * or becomes readable; equal for a version that does not exist. Reads no content.
   *
   * @param version positive
   */
  public String mark(long version) {
    Path directory = directory(version);
    StringJoiner mark = new StringJoiner("\n");
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) tree.sorted()::iterator) {
        BasicFileAttributes attributes =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        mark.add(
            path
                + " "
                + attributes.size()
                + " "
                + attributes.lastModifiedTime().toMillis()
                + (Files.isReadable(path) ? "" : " unreadable"));
      }
    } catch (IOException | UncheckedIOException e) {
      mark.add(e.toString());
    }
    return mark.toString();
  }

  /**
   * Copies a model in under the next free version, which is written into the copy's manifest. The
   * copy is made in a hidden directory of the repository and renamed when it is whole.
   *
   * @param modelDirectory a sealed model
   * @return its version in this repository
   * @throws InvalidModelException if the directory is not a model that could be served
   * @throws UncheckedIOException if the repository cannot be written; nothing is left behind
   */
  public long publish(Path modelDirectory) {
    ModelManifest manifest = manifestOfServable(modelDirectory);
    try {
      Files.createDirectories(root);
      deleteLeftovers();
      // Not createTempDirectory: what it makes only its owner can read.
      Path copy = Files.createDirectory(root.resolve(UNFINISHED + UUID.randomUUID()));
      try {
        copy(modelDirectory, manifest, copy);
        ModelFiles.verify(copy, manifest);
        return moveIn(copy, manifest);
      } finally {
        deleteTree(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot publish "
              + modelDirectory
              + " into "
              + root
              + ": "
              + Reason.of(e)
              + ". Make sure that the repository can be written and has room, then publish again.",
          e);
    }
  }

  private static ModelManifest manifestOfServable(Path modelDirectory) {
    ModelLoader loader = new ModelLoader(Precision.AUTO);
    try (SentimentModel model = loader.loadUnderAnyName(modelDirectory)) {
      return model.manifest();
    }
  }

  private static void copy(Path source, ModelManifest manifest, Path target) throws IOException {
    for (String path : manifest.files().keySet()) {
      Path file = target.resolve(path);
      Files.createDirectories(file.getParent());
      // Not from path to path, which would take over who may read it.
      try (OutputStream out = Files.newOutputStream(file)) {
        Files.copy(source.resolve(path), out);
      }
    }
    ManifestFile.write(target, manifest);
  }

  /**
   * Renaming onto a version that another publisher has just taken fails, since that directory is
   * not empty: take the next.
   */
  private long moveIn(Path copy, ModelManifest manifest) throws IOException {
    long taken = 0; // A share may list what others have taken only later.
    while (true) {
      long highest = Math.max(taken, numbers().max().orElse(0));
      if (highest == Long.MAX_VALUE) {
        throw new IOException("no number is left behind " + highest);
      }
      long version = highest + 1;
      ManifestFile.write(copy, manifest.withVersion(version));
      try {
        Files.move(copy, directory(version), StandardCopyOption.ATOMIC_MOVE);
        return version;
      } catch (FileSystemException e) {
        if (!Files.exists(directory(version))) {
          throw e;
        }
        taken = version;
      }
    }
  }

  /** Every number that is taken as a name, lowest first. */
  private LongStream numbers() {
    try (Stream<Path> children = Files.list(root)) {
      return LongStream.of(
          children
              .map(child -> child.getFileName().toString())
              .filter(name -> name.matches("[1-9][0-9]{0,18}"))
              .map(BigInteger::new)
              .filter(number -> number.bitLength() < Long.SIZE)
              .mapToLong(BigInteger::longValueExact)
              .sorted()
              .toArray());
    } catch (NoSuchFileException e) {
      return LongStream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read the model repository "
              + root
              + ": "
              + Reason.of(e)
              + ". Name a directory that holds one directory a version.",
          e);
    }
  }

  /** Copies that somebody who was killed had begun, as far as they can be deleted. */
  private void deleteLeftovers() {
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    File[] children = root.toFile().listFiles((folder, name) -> name.startsWith(UNFINISHED));
    for (File child : children == null ? new File[0] : children) {
      if (child.lastModified() < yesterday.toEpochMilli()) {
        try {
          deleteTree(child.toPath());
        } catch (IOException | UncheckedIOException e) {
          // Another publisher is faster, or may do it the next time.
        }
      }
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}
