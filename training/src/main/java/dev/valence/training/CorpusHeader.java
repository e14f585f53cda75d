package dev.valence.training;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** The names of a table's columns, or of the fields of JSON objects. */
record CorpusHeader(Path file, List<String> names) {

  /**
   * @throws TrainingException if a table has no column of texts, or one twice
   */
  void requireTable(CorpusReader.Columns columns) {
    if (names.size() == 1 && names.get(0).contains("\t")) {
      throw new TrainingException(
          "the columns of %s are separated by tabs. Rename it to .tsv.".formatted(file));
    }
    if (!names.contains(columns.text())) {
      throw missing(columns.text(), "Name the column of the text with --text-column.");
    }
    requireNamed(columns);
    requireNoneTwice(columns);
  }

  /**
   * A column that was asked for by its name and is not there was misspelt.
   *
   * @throws TrainingException if there is one
   */
  void requireNamed(CorpusReader.Columns columns) {
    Stream.of(columns.label(), columns.group())
        .filter(name -> !name.equals(CorpusReader.Columns.DEFAULT.label()))
        .filter(name -> !name.equals(CorpusReader.Columns.DEFAULT.group()))
        .filter(name -> !names.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw missing(name, "Name one of those.");
            });
  }

  private TrainingException missing(String name, String wayOut) {
    return new TrainingException(
        "no column '%s' in %s, which has %s. %s".formatted(name, file, names, wayOut));
  }

  private void requireNoneTwice(CorpusReader.Columns columns) {
    Stream.of("id", columns.text(), columns.label(), columns.group())
        .filter(name -> Collections.frequency(names, name) > 1)
        .findFirst()
        .ifPresent(
            name -> {
              throw new TrainingException(
                  "several columns of %s are called '%s'. Rename all but one."
                      .formatted(file, name));
            });
  }
}
