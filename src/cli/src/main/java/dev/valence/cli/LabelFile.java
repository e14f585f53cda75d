package dev.valence.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.valence.training.CorpusReader;
import java.io.BufferedReader;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Reads ids and labels from CSV or TSV with a header line, or JSON Lines. Rows whose label is blank
 * are nobody's judgement, and passed over.
 */
final class LabelFile {
  private static final JsonMapper JSON = new JsonMapper();
  private static final ObjectReader ROWS =
      CsvMapper.builder()
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build()
          .readerForMapOf(String.class);

  private final String idColumn;
  private final String labelColumn;
  private final BiConsumer<String, String> labels;
  private final Consumer<String> problems;

  private long blank;

  /**
   * @param labels takes each id and its label, in the order of the file
   * @param problems takes a line "file:line: reason" for each part that is not a correction
   */
  LabelFile(
      String idColumn,
      String labelColumn,
      BiConsumer<String, String> labels,
      Consumer<String> problems) {
    this.idColumn = idColumn;
    this.labelColumn = labelColumn;
    this.labels = labels;
    this.problems = problems;
  }

  /** How many rows had no label. */
  long blank() {
    return blank;
  }

  /**
   * Reads one file.
   *
   * @throws CommandFailedException when it is missing, of no known kind, or without the columns
   */
  void read(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (!Files.isRegularFile(file)) {
      throw new CommandFailedException("no such file: " + file + ".");
    } else if (name.endsWith(".csv")) {
      readSeparated(file, CorpusReader.separatorOf(file));
    } else if (name.endsWith(".tsv")) {
      readSeparated(file, '\t');
    } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      readLines(file);
    } else {
      throw new CommandFailedException(
          "unknown kind of file: " + file + ". Name a .csv, .tsv or .jsonl file.");
    }
  }

  private void readSeparated(Path file, char separator) throws IOException {
    CsvSchema header = CsvSchema.emptySchema().withHeader().withColumnSeparator(separator);
    long line = 1;
    boolean checked = false;
    try (InputStream in = Files.newInputStream(file);
        MappingIterator<Map<String, String>> rows = ROWS.with(header).readValues(in)) {
      while (rows.hasNextValue()) {
        CsvParser parser = (CsvParser) rows.getParser();
        if (!checked) {
          requireColumns(new CsvHeader(file, parser.getSchema()));
          checked = true;
        }
        line = parser.currentLocation().getLineNr();
        Map<String, String> row = rows.nextValue();
        accept(file + ":" + line, row.get(idColumn), row.get(labelColumn));
      }
    } catch (JsonProcessingException | CharConversionException e) {
      String reason = e.getMessage().lines().findFirst().orElse(e.toString());
      problems.accept(file + ":" + line + ": " + reason + "; the rest of the file was not read");
    }
  }

  private void requireColumns(CsvHeader header) {
    for (String column : new String[] {idColumn, labelColumn}) {
      header.require(column, "Name the columns with --id-column and --label-column.");
    }
    header.requireNoneTwice(idColumn, labelColumn);
  }

  private void readLines(Path file) throws IOException {
    // One char a byte: a line that is not UTF-8 is then a problem of that line alone.
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          readLine(file + ":" + number, line);
        }
      }
    }
  }

  private void readLine(String place, String line) throws IOException {
    try {
      JsonNode object = JSON.readTree(line.getBytes(StandardCharsets.ISO_8859_1));
      accept(place, object.path(idColumn).asText(null), object.path(labelColumn).asText(null));
    } catch (JsonProcessingException e) {
      problems.accept(place + ": not JSON: " + e.getOriginalMessage());
    }
  }

  private void accept(String place, String id, String label) {
    if (id == null || id.isBlank()) {
      problems.accept(place + ": no id of a review in '" + idColumn + "'");
    } else if (label == null || label.isBlank()) {
      blank++;
    } else {
      labels.accept(id, label.strip());
    }
  }
}
