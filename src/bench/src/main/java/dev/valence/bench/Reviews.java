package dev.valence.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reviews to measure with. */
final class Reviews {

  private static final String SAMPLE = "sample-reviews.txt";

  private Reviews() {}

  /**
   * Reads reviews, in the order of their names or lines.
   *
   * @param source a directory whose {@code .txt} files are a review each, or a file with a review a
   *     line; empty for the few that come with Valence
   * @throws IOException if they cannot be read
   * @throws IllegalArgumentException if there are none
   */
  static List<String> read(String source) throws IOException {
    List<String> reviews = source.isEmpty() ? sample() : read(Path.of(source));
    if (reviews.isEmpty()) {
      throw new IllegalArgumentException(
          "no reviews in " + source + ". Name a directory of .txt files or a file of lines.");
    }
    return reviews;
  }

  private static List<String> sample() throws IOException {
    try (InputStream stream = Reviews.class.getResourceAsStream(SAMPLE)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static List<String> read(Path source) throws IOException {
    if (!Files.isDirectory(source)) {
      return Files.readAllLines(source);
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(source)) {
      files = entries.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
    Stream.Builder<String> reviews = Stream.builder();
    for (Path file : files) {
      reviews.add(Files.readString(file));
    }
    return reviews.build().toList();
  }
}
