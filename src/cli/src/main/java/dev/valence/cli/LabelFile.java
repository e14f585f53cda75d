package dev.valence.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.valence.training.SeparatedFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Reads ids and labels from CSV or TSV with a header line, or JSON Lines. Rows whose label is blank
 * are nobody's judgement, and passed over.
 */
final class LabelFile {
  private static final JsonMapper JSON = new JsonMapper();

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
   * @throws CommandFailedException when it is missing or of no known kind
   * @throws dev.valence.training.TrainingException when it is without the columns
   */
  void read(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (!Files.isRegularFile(file)) {
      throw new CommandFailedException("no such file: " + file + ".");
    } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      readLines(file);
    } else {
      SeparatedFile table =
          SeparatedFile.named(file)
              .orElseThrow(
                  () ->
                      new CommandFailedException(
                          "unknown kind of file: " + file + ". Name a .csv, .tsv or .jsonl file."));
      readRows(table);
    }
  }

  private void readRows(SeparatedFile table) throws IOException {
    Path file = table.file();
    try {
      table.forEachRow(
          this::requireColumns,
          (line, row) -> accept(file + ":" + line, row.get(idColumn), row.get(labelColumn)));
    } catch (SeparatedFile.UnreadableRowException e) {
      problems.accept(
          file + ":" + e.line() + ": " + e.getMessage() + "; the rest of the file was not read");
    }
  }

  private void requireColumns(SeparatedFile.Header header) {
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
