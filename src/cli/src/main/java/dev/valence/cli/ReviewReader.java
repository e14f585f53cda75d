package dev.valence.cli;

import dev.valence.schema.Review;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.UnreadableRecordException;
import dev.valence.training.SeparatedFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads reviews from what people have: plain text with a review a line, JSON Lines, CSV or TSV with
 * a header, or an aclImdb directory with a review a file. Files are read as they are needed, never
 * as a whole. A review without an id takes {@code <file name>:<line>}.
 */
final class ReviewReader {
  private static final List<String> ACL_IMDB_FOLDERS = List.of("pos", "neg", "unsup");

  private final ReviewFormat text = ReviewFormat.named(ReviewFormat.TEXT);
  private final ReviewFormat json = ReviewFormat.named(ReviewFormat.JSON);
  private final SeparatedReviews.Columns columns;
  private final Consumer<Review> reviews;
  private final Consumer<String> problems;

  /**
   * Connects the reader.
   *
   * @param columns where a CSV file holds what
   * @param reviews takes each review, in the order of the file
   * @param problems takes a line "file:line: reason" for each part that is not a review
   */
  ReviewReader(
      SeparatedReviews.Columns columns, Consumer<Review> reviews, Consumer<String> problems) {
    this.columns = columns;
    this.reviews = reviews;
    this.problems = problems;
  }

  /**
   * Reads one file or directory.
   *
   * @throws CommandFailedException when it is missing or of no known kind
   */
  void read(Path path) throws IOException {
    String name = path.toString().toLowerCase(Locale.ROOT);
    if (!Files.exists(path)) {
      throw new CommandFailedException("no such file or directory: " + path + ".");
    } else if (Files.isDirectory(path)) {
      readAclImdb(path);
    } else if (name.endsWith(".txt")) {
      readLines(path, text);
    } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      readLines(path, json);
    } else {
      SeparatedFile table =
          SeparatedFile.named(path)
              .orElseThrow(
                  () ->
                      new CommandFailedException(
                          "unknown kind of file: "
                              + path
                              + ". Name a .txt, .jsonl, .csv or .tsv file, or an aclImdb"
                              + " directory."));
      new SeparatedReviews(columns, reviews, problems).read(table);
    }
  }

  private void readLines(Path file, ReviewFormat format) throws IOException {
    // One char a byte: a line that is not UTF-8 is then a problem of that line alone.
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        String content =
            number == 1 && line.startsWith("\u00ef\u00bb\u00bf") ? line.substring(3) : line;
        if (!content.isBlank()) {
          String place = file.getFileName() + ":" + number;
          accept(format, content.getBytes(StandardCharsets.ISO_8859_1), file + ":" + number, place);
        }
      }
    }
  }

  private void readAclImdb(Path directory) throws IOException {
    boolean found = false;
    for (String half : List.of("", "train", "test")) {
      for (String folder : ACL_IMDB_FOLDERS) {
        Path part = directory.resolve(half).resolve(folder);
        if (Files.isDirectory(part)) {
          found = true;
          readFolder(directory, part);
        }
      }
    }
    if (!found) {
      throw new CommandFailedException(
          "not an aclImdb directory: "
              + directory
              + " has no pos/, neg/ or unsup/, nor train/ or test/ with them.");
    }
  }

  private void readFolder(Path directory, Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
    for (Path file : files) {
      accept(
          text, Files.readAllBytes(file), file.toString(), directory.relativize(file).toString());
    }
  }

  private void accept(ReviewFormat format, byte[] value, String place, String idIfNone) {
    try {
      Review review = format.read(value);
      reviews.accept(
          review.getId().isEmpty() ? Review.newBuilder(review).setId(idIfNone).build() : review);
    } catch (UnreadableRecordException e) {
      problems.accept(place + ": " + e.getMessage());
    }
  }
}
