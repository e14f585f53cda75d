package dev.valence.training;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.valence.model.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How a kept classifier judged the held-out reviews: {@code validation.csv} in its run's folder.
 *
 * @param lines one a review
 */
public record ValidationJudgements(List<Line> lines) {
  private static final String FILE = "validation.csv";
  private static final CsvMapper MAPPER = new CsvMapper();
  private static final CsvSchema SCHEMA =
      MAPPER.schemaFor(Line.class).withHeader().withStrictHeaders(true);

  /**
   * One review.
   *
   * @param id names it in its corpus
   * @param label that people gave
   * @param judged label that the classifier gave
   * @param confidence the given label's probability after calibration, in [0, 1]
   */
  @JsonPropertyOrder({"id", "label", "judged", "confidence"})
  public record Line(String id, String label, String judged, double confidence) {
    boolean right() {
      return label.equals(judged);
    }
  }

  public ValidationJudgements {
    lines = List.copyOf(lines);
  }

  /**
   * Reads what a run of {@code train classifier} wrote.
   *
   * @throws TrainingException if there is no such file, or it is not one
   */
  public static ValidationJudgements read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      throw new TrainingException(
          "no "
              + FILE
              + " in "
              + folder
              + ": the classifier was trained before there was one. Train it again, or go on from it"
              + " with `train classifier --classifier`.");
    }
    try (MappingIterator<Line> lines =
        MAPPER.readerFor(Line.class).with(SCHEMA).readValues(Files.newBufferedReader(file))) {
      return new ValidationJudgements(lines.readAll());
    } catch (IOException e) {
      throw new TrainingException(
          "cannot read " + file + ": " + Reason.of(e, file) + ". Train the classifier again.", e);
    }
  }

  /**
   * Writes the file.
   *
   * @throws IOException if it cannot be written
   */
  void write(Path folder) throws IOException {
    try (SequenceWriter rows =
        MAPPER
            .writerFor(Line.class)
            .with(SCHEMA)
            .writeValues(Files.newBufferedWriter(folder.resolve(FILE)))) {
      rows.writeAll(lines);
    }
  }
}
