package dev.valence.cli;

import dev.valence.training.Corpus;
import dev.valence.training.CorpusReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the reviews come from. */
final class CorpusOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

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

  /** All reviews but blank ones, whose number goes to stderr. */
  Corpus read(String split) {
    Corpus all = new CorpusReader(new CorpusReader.Columns(text, label, group)).read(data, split);
    Corpus worded = all.worded();
    int blank = all.documents().size() - worded.documents().size();
    if (worded.documents().isEmpty()) {
      throw new CommandFailedException(
          "all " + blank + " reviews of " + data + " are blank. Check the column of the text.");
    }
    if (blank > 0) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf(Locale.ROOT, "%,d reviews are blank and passed over%n", blank);
      err.flush();
    }
    return worded;
  }
}
