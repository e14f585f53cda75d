package dev.valence.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvReadException;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.valence.schema.Review;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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

  private static final ObjectReader ROWS =
      CsvMapper.builder()
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build()
          .readerForMapOf(String.class);

  private final Columns columns;
  private final char separator;
  private final Consumer<Review> reviews;
  private final Consumer<String> problems;

  SeparatedReviews(
      Columns columns, char separator, Consumer<Review> reviews, Consumer<String> problems) {
    this.columns = columns;
    this.separator = separator;
    this.reviews = reviews;
    this.problems = problems;
  }

  /**
   * Reads one file, up to the first row that is not one.
   *
   * @throws CommandFailedException when it has no column of texts
   */
  void read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        MappingIterator<Map<String, String>> rows = ROWS.with(header()).readValues(in)) {
      read(file, rows);
    } catch (CsvReadException | CharConversionException e) {
      throw new CommandFailedException("no header in " + file + ": " + firstLine(e) + ".", e);
    }
  }

  private void read(Path file, MappingIterator<Map<String, String>> rows) throws IOException {
    long line = 1;
    boolean checked = false;
    try {
      while (rows.hasNextValue()) {
        CsvParser parser = (CsvParser) rows.getParser();
        if (!checked) {
          requireColumns(new CsvHeader(file, parser.getSchema()));
          checked = true;
        }
        line = parser.currentLocation().getLineNr();
        accept(file, line, rows.nextValue());
      }
    } catch (JsonProcessingException | CharConversionException e) {
      problems.accept(
          file + ":" + line + ": " + firstLine(e) + "; the rest of the file was not read");
    }
  }

  private void requireColumns(CsvHeader header) {
    header.require(columns.text, "Name the column of the texts with --text-column.");
    requireIfNamed(header, columns.id, Columns.ID);
    requireIfNamed(header, columns.subject, Columns.SUBJECT);
    header.requireNoneTwice(columns.text, columns.id, columns.subject);
  }

  /** A column that was asked for by its name and is not there was misspelt. */
  private static void requireIfNamed(CsvHeader header, String column, String usual) {
    if (!column.equals(usual)) {
      header.require(column, "Name one of those.");
    }
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

  private CsvSchema header() {
    return CsvSchema.emptySchema().withHeader().withColumnSeparator(separator);
  }

  private static String firstLine(Exception e) {
    return e.getMessage().lines().findFirst().orElse(e.toString());
  }
}
