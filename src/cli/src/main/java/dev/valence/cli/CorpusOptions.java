package dev.valence.cli;

import dev.valence.training.Corpus;
import dev.valence.training.CorpusReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the reviews come from. */
final class CorpusOptions {
  private static final String GROUP_COLUMN = "--group-column";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private TopicOptions topics;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** A file, or Kafka. */
  private static final class Source {
    @Option(
        names = "--data",
        paramLabel = "PATH",
        description = "An aclImdb directory, or a .csv, .tsv, .jsonl or .txt file.")
    private Path data;

    @Option(
        names = "--from-topics",
        description =
            "Take the reviews that are on a topic of Kafka now, with the labels that 'valence"
                + " correct' gave them.")
    private boolean topics;
  }

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
      names = GROUP_COLUMN,
      paramLabel = "NAME",
      defaultValue = "group",
      description =
          "Column or field of what a review is about; a group is never split between training and"
              + " validation (default: ${DEFAULT-VALUE}). With --from-topics: subject, which is the"
              + " default, or id for no groups.")
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
    requireShare();
    if (source.topics) {
      return worded(fromTopics(TopicCorpus.Use.ALL).corpus(), "on the topic");
    }
    topics.requireNone();
    Corpus all =
        new CorpusReader(new CorpusReader.Columns(text, label, group)).read(source.data, split);
    return worded(all, "of " + source.data);
  }

  /**
   * The same for a run, which keeps what it read from topics, and goes on with it.
   *
   * @param use what the run needs of reviews on topics
   * @param run folder of the run
   * @return the reviews; it may write into the folder, so that the run asks once no other is there
   */
  Supplier<Corpus> read(String split, TopicCorpus.Use use, Path run) {
    requireShare();
    if (!source.topics) {
      Corpus all = read(split);
      return () -> all;
    }
    CorpusSnapshot snapshot = new CorpusSnapshot(run);
    Optional<TopicCorpus.Read> read =
        snapshot.isInUse() ? Optional.empty() : Optional.of(fromTopics(use));
    return () -> kept(snapshot, read, use);
  }

  /**
   * What a run begins or goes on with.
   *
   * @param read from topics, if the run had not begun when they were asked
   */
  private Corpus kept(
      CorpusSnapshot snapshot, Optional<TopicCorpus.Read> read, TopicCorpus.Use use) {
    if (read.isEmpty() || snapshot.isInUse()) {
      remark(
          "going on with the reviews in %s; for what came later, name another --out"
              .formatted(snapshot.reviews()));
    } else {
      Corpus learned = read.get().corpus().worded().training(validation);
      boolean judged = use != TopicCorpus.Use.TEXTS;
      snapshot.write(read.get(), (judged ? learned.labelled() : learned).digest());
    }
    return worded(snapshot.corpus(), "in " + snapshot.reviews());
  }

  /**
   * Remarks on a model that may have learned from what is held out of a corpus.
   *
   * @param learned digest of the reviews that it was trained on
   */
  void compareWithTraining(Corpus all, String learned) {
    if (!all.training(validation).labelled().digest().equals(learned)) {
      remark(
          "the model was not trained on exactly what --validation and --group-column leave of these"
              + " reviews: it may have learned from those that are held out here. Give both as in"
              + " training.");
    }
  }

  private void requireShare() {
    if (!(validation >= 0 && validation < 1)) {
      throw BadUsage.of(spec, "--validation", validation + " is not a share, 0.1 for example");
    }
  }

  private TopicCorpus.Read fromTopics(TopicCorpus.Use use) {
    for (String option : List.of("--text-column", "--label-column")) {
      if (isGiven(option)) {
        throw new BadUsage(spec, option + " goes with --data");
      }
    }
    if (isGiven(GROUP_COLUMN) && !List.of("subject", "id").contains(group)) {
      throw new BadUsage(
          spec, "With --from-topics, %s is subject or id, not '%s'".formatted(GROUP_COLUMN, group));
    }
    return topics.read(use, !group.equals("id"), this::remark);
  }

  private boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  private Corpus worded(Corpus all, String where) {
    Corpus worded = all.worded();
    int blank = all.documents().size() - worded.documents().size();
    if (worded.documents().isEmpty()) {
      throw new CommandFailedException(
          "all %d reviews %s are blank. Check the column of the text.".formatted(blank, where));
    }
    if (blank > 0) {
      remark(String.format(Locale.ROOT, "%,d reviews are blank and passed over", blank));
    }
    return worded;
  }

  private void remark(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
