package dev.valence.cli;

import dev.valence.schema.Review;
import dev.valence.training.SeparatedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Reads reviews from CSV or TSV with a header line; quoted fields may hold line breaks. */
final class SeparatedReviews {

  /** Which columns hold what. */
  static final class Columns {
    private static final String ID = "id";
    private static final String SUBJECT = "subject";

    @Option(
        names = "--text-column",
        paramLabel = "NAME",
        defaultValue = "text",
        description = "Column of a CSV file that holds the review. Default: ${DEFAULT-VALUE}.")
    private String text = "text";

    @Option(
        names = "--id-column",
        paramLabel = "NAME",
        defaultValue = ID,
        description = "Column that holds its id; may be missing. Default: ${DEFAULT-VALUE}.")
    private String id = ID;

    @Option(
        names = "--subject-column",
        paramLabel = "NAME",
        defaultValue = SUBJECT,
        description =
            "Column that holds what it is about; may be missing. Default: ${DEFAULT-VALUE}.")
    private String subject = SUBJECT;
  }

  private final Columns columns;
  private final Consumer<Review> reviews;
  private final Consumer<String> problems;

  SeparatedReviews(Columns columns, Consumer<Review> reviews, Consumer<String> problems) {
    this.columns = columns;
    this.reviews = reviews;
    this.problems = problems;
  }

  /**
   * Reads one file, up to the first row that is not one.
   *
   * @throws dev.valence.training.TrainingException when it has no column of texts
   */
  void read(SeparatedFile table) throws IOException {
    Path file = table.file();
    try {
      table.forEachRow(this::requireColumns, (line, row) -> accept(file, line, row));
    } catch (SeparatedFile.UnreadableRowException e) {
      problems.accept(
          file + ":" + e.line() + ": " + e.getMessage() + "; the rest of the file was not read");
    }
  }

  private void requireColumns(SeparatedFile.Header header) {
    header.require(columns.text, "Name the column of the texts with --text-column.");
    header.requireIfNamed(columns.id, Columns.ID);
    header.requireIfNamed(columns.subject, Columns.SUBJECT);
    header.requireNoneTwice(columns.text, columns.id, columns.subject);
  }

  private void accept(Path file, long line, Map<String, String> row) {
    String text = row.get(columns.text);
    if (text == null) {
      problems.accept(file + ":" + line + ": the row ends before the column " + columns.text);
      return;
    }
    String id = row.get(columns.id);
    reviews.accept(
        Review.newBuilder()
            .setId(id == null || id.isEmpty() ? file.getFileName() + ":" + line : id)
            .setText(text)
            .setSubject(row.get(columns.subject))
            .build());
  }
}
