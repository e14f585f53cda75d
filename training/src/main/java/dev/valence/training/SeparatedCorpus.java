package dev.valence.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A CSV or TSV file with a header. */
record SeparatedCorpus(Path file, char separator) {
  private static final ObjectReader ROWS =
      CsvMapper.builder()
          .enable(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build()
          .readerForMapOf(String.class);

  static SeparatedCorpus csv(Path file) throws IOException {
    return new SeparatedCorpus(file, CorpusReader.separatorOf(file));
  }

  static SeparatedCorpus tsv(Path file) {
    return new SeparatedCorpus(file, '\t');
  }

  /**
   * Reads all rows; empty lines are none.
   *
   * @throws TrainingException if the header lacks a column that must be there, or a row is not one
   *     of the header
   * @throws IOException if the file cannot be read
   */
  List<Document> read(CorpusReader.Columns columns) throws IOException {
    CsvSchema schema = CsvSchema.emptySchema().withHeader().withColumnSeparator(separator);
    List<Document> documents = new ArrayList<>();
    long line = 1;
    try (InputStream bytes = Files.newInputStream(file);
        MappingIterator<Map<String, String>> rows = ROWS.with(schema).readValues(bytes)) {
      CsvParser parser = (CsvParser) rows.getParser();
      while (rows.hasNextValue()) {
        if (documents.isEmpty()) {
          new CorpusHeader(file, parser.getSchema().getColumnNames()).requireTable(columns);
        }
        line = parser.currentLocation().getLineNr();
        Map<String, String> row = rows.nextValue();
        documents.add(columns.document(row::get, file, documents.size() + 2));
      }
    } catch (JsonProcessingException e) {
      String why = CorpusReader.firstLine(e);
      throw new TrainingException(
          line == 1
              ? "no header in %s: %s. Name the columns in its first line.".formatted(file, why)
              : "%s, line %d is not a row of its header: %s. Mend that row."
                  .formatted(file, line, why),
          e);
    }
    return documents;
  }
}
