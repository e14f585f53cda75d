package dev.valence.cli;

import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** The names in the first line of a CSV or TSV file. */
record CsvHeader(Path file, List<String> names) {

  CsvHeader(Path file, CsvSchema schema) {
    this(file, schema.getColumnNames());
  }

  /**
   * @param wayOut what to do if it is not there
   * @throws CommandFailedException if it is not there
   */
  void require(String column, String wayOut) {
    if (!names.contains(column)) {
      throw new CommandFailedException(
          "no column '%s' in %s, which has %s. %s".formatted(column, file, names, wayOut));
    }
  }

  /**
   * @throws CommandFailedException if one of the columns is there more than once
   */
  void requireNoneTwice(String... columns) {
    for (String column : columns) {
      if (Collections.frequency(names, column) > 1) {
        throw new CommandFailedException(
            "several columns of %s are called '%s'. Rename all but one.".formatted(file, column));
      }
    }
  }
}
