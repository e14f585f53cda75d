package dev.valence.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedReader;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A table with a header line, CSV or TSV. Quoted fields may hold line breaks; empty lines are no
 * rows.
 *
 * @param separator what stands between two columns
 */
public record SeparatedFile(Path file, char separator) {
  private static final ObjectReader ROWS =
      CsvMapper.builder()
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build()
          .readerForMapOf(String.class);

  /** Takes the rows one after the other. */
  @FunctionalInterface
  public interface Rows {
    /**
     * @param line near which the row begins, counted from 1
     * @param row values by the names of their columns; of a short row the last ones are missing
     */
    void accept(long line, Map<String, String> row);
  }

  /** The names of a table's columns, or of the fields of JSON objects. */
  public record Header(Path file, List<String> names) {
    /**
     * @param wayOut what to do if it is not there
     * @throws TrainingException if it is not there
     */
    public void require(String column, String wayOut) {
      if (!names.contains(column)) {
        throw new TrainingException(
            "no column '%s' in %s, which has %s. %s".formatted(column, file, names, wayOut));
      }
    }

    /**
     * A column that was asked for by its name and is not there was misspelt.
     *
     * @param usual its name when nobody gives another: it may be missing then
     * @throws TrainingException if it was
     */
    public void requireIfNamed(String column, String usual) {
      if (!column.equals(usual)) {
        require(column, "Name one of those.");
      }
    }

    /**
     * @throws TrainingException if one of the columns is there more than once
     */
    public void requireNoneTwice(String... columns) {
      for (String column : columns) {
        if (Collections.frequency(names, column) > 1) {
          throw new TrainingException(
              "several columns of %s are called '%s'. Rename all but one.".formatted(file, column));
        }
      }
    }
  }

  /** What is no row, or not UTF-8; the rows before it were read. */
  public static final class UnreadableRowException extends IOException {
    private static final long serialVersionUID = 1;

    private final long line;

    private UnreadableRowException(long line, IOException cause) {
      super(CorpusReader.firstLine(cause), cause);
      this.line = line;
    }

    /** Near which it stands, counted from 1. */
    public long line() {
      return line;
    }
  }

  /**
   * The table in a file, told by the name's end.
   *
   * @return none if that is neither {@code .csv} nor {@code .tsv}
   * @throws IOException if the file cannot be read
   */
  public static Optional<SeparatedFile> named(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv")) {
      return Optional.of(new SeparatedFile(file, separatorOf(file)));
    }
    return name.endsWith(".tsv") ? Optional.of(new SeparatedFile(file, '\t')) : Optional.empty();
  }

  /** Where a comma stands in numbers, spreadsheets write semicolons. */
  private static char separatorOf(Path csv) throws IOException {
    // One char a byte: the header's separators alone are looked for.
    try (BufferedReader lines = Files.newBufferedReader(csv, StandardCharsets.ISO_8859_1)) {
      String header = lines.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
      return header.contains(";") && !header.contains(",") ? ';' : ',';
    }
  }

  /**
   * Reads all rows, up to the first that is none.
   *
   * @param check takes the header before them, if there is a row
   * @throws TrainingException if there is no header
   * @throws UnreadableRowException after the rows before the one that cannot be read
   * @throws IOException if the file cannot be read
   */
  public void forEachRow(Consumer<Header> check, Rows rows) throws IOException {
    read(ROWS, check, rows);
  }

  /** The same, where a row with fewer fields than the header is none. */
  public void forEachWholeRow(Consumer<Header> check, Rows rows) throws IOException {
    read(ROWS.with(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS), check, rows);
  }

  private void read(ObjectReader reader, Consumer<Header> check, Rows rows) throws IOException {
    CsvSchema schema = CsvSchema.emptySchema().withHeader().withColumnSeparator(separator);
    try (InputStream bytes = Files.newInputStream(file);
        MappingIterator<Map<String, String>> values = begin(reader.with(schema), bytes)) {
      CsvParser parser = (CsvParser) values.getParser();
      long line = parser.currentLocation().getLineNr();
      try {
        if (values.hasNextValue()) {
          check.accept(header(parser));
        }
        while (values.hasNextValue()) {
          line = parser.currentLocation().getLineNr();
          rows.accept(line, values.nextValue());
        }
      } catch (JsonProcessingException | CharConversionException e) {
        throw new UnreadableRowException(line, e);
      }
    }
  }

  /** Reads the header. */
  private MappingIterator<Map<String, String>> begin(ObjectReader reader, InputStream bytes)
      throws IOException {
    try {
      return reader.readValues(bytes);
    } catch (JsonProcessingException e) {
      throw new TrainingException(
          "no header in %s: %s. Name the columns in its first line."
              .formatted(file, CorpusReader.firstLine(e)),
          e);
    } catch (CharConversionException e) {
      throw new TrainingException(
          "cannot read %s: it is not UTF-8. Save it as UTF-8 (in Excel as \"CSV UTF-8\")."
              .formatted(file),
          e);
    }
  }

  private Header header(CsvParser parser) {
    List<String> names = parser.getSchema().getColumnNames();
    if (names.size() == 1 && names.get(0).contains("\t")) {
      throw new TrainingException(
          "the columns of %s are separated by tabs. Rename it to .tsv.".formatted(file));
    }
    return new Header(file, names);
  }
}
