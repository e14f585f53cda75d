package dev.valence.cli;

import dev.valence.training.Corpus;
import dev.valence.training.CorpusReader;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the reviews come from. */
final class CorpusOptions {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "PATH",
      description = "An aclImdb directory, or a .csv, .tsv, .jsonl or .txt file.")
  private Path data;

  @Option(
      names = "--text-column",
      paramLabel = "NAME",
      defaultValue = "text",
      description = "Column or field of the text (default: ${DEFAULT-VALUE}).")
  private String text;

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      defaultValue = "label",
      description = "Column or field of the label (default: ${DEFAULT-VALUE}).")
  private String label;

  @Option(
      names = "--group-column",
      paramLabel = "NAME",
      defaultValue = "group",
      description =
          "Column or field of what a review is about; a group is never split between training and"
              + " validation (default: ${DEFAULT-VALUE}).")
  private String group;

  @Option(
      names = "--validation",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "Part of the groups that is held out (default: ${DEFAULT-VALUE}).")
  private double validation;

  double validation() {
    return validation;
  }

  Corpus read(String split) {
    return new CorpusReader(new CorpusReader.Columns(text, label, group)).read(data, split);
  }
}
