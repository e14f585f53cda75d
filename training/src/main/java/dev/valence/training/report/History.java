package dev.valence.training.report;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** A run's {@code history.csv}: a header and one line an epoch, however often it was resumed. */
public final class History {
  private static final String FILE = "history.csv";

  private final CsvMapper mapper =
      CsvMapper.builder()
          .enable(CsvParser.Feature.EMPTY_STRING_AS_NULL)
          // Earlier histories have fewer.
          .disable(CsvParser.Feature.FAIL_ON_MISSING_HEADER_COLUMNS)
          .build();
  private final CsvSchema schema =
      mapper.schemaFor(EpochFigures.class).withHeader().withColumnReordering(true);
  private final Path folder;

  /**
   * @param folder of the run; it is made with the first epoch
   */
  public History(Path folder) {
    this.folder = folder;
  }

  /**
   * Adds an epoch. Lines of this epoch and of later ones are replaced: they are of a run that was
   * killed before its checkpoint, or of one that started anew.
   *
   * @return all epochs so far
   * @throws IOException if the file cannot be read or written; it stays as it was then
   */
  public List<EpochFigures> add(EpochFigures figures) throws IOException {
    List<EpochFigures> epochs = new ArrayList<>(read());
    epochs.removeIf(earlier -> earlier.epoch() >= figures.epoch());
    epochs.add(figures);
    Files.createDirectories(folder);
    Path partial = folder.resolve(".partial-" + FILE);
    try (SequenceWriter lines =
        mapper
            .writerFor(EpochFigures.class)
            .with(schema)
            .writeValues(Files.newBufferedWriter(partial))) {
      lines.writeAll(epochs);
    }
    Files.move(partial, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    return List.copyOf(epochs);
  }

  /**
   * All epochs so far; none if the run is new.
   *
   * @throws IOException if the file is no history
   */
  public List<EpochFigures> read() throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return List.of();
    }
    try (MappingIterator<EpochFigures> lines =
        mapper
            .readerFor(EpochFigures.class)
            .with(schema)
            .readValues(Files.newBufferedReader(file))) {
      return lines.readAll();
    }
  }
}
