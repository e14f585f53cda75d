package dev.valence.cli;

import dev.valence.model.Score;
import dev.valence.schema.ReviewLabel;
import dev.valence.stream.format.RecordFormat;
import dev.valence.stream.format.SchemaRefusedException;
import dev.valence.stream.format.SchemaRegistryUnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code valence correct}: the right labels of reviews onto a topic. */
@Command(
    name = "correct",
    description = {
      "Says which labels reviews should have got, on a topic that 'valence train classifier"
          + " --from-topics' learns from. The last label of a review counts.",
      "Creates the topic, compacted, if it is missing."
    })
final class CorrectCommand implements Callable<Integer> {
  private static final String KIND = "correction of";

  @Spec private CommandSpec spec;
  @Mixin private Brokers brokers;
  @Mixin private RegistryOption registry;

  @Option(
      names = "--topic",
      paramLabel = "T",
      defaultValue = LabelTopic.DEFAULT,
      description = "Topic to write to. Default: ${DEFAULT-VALUE}.")
  private String topic;

  @Option(
      names = "--format",
      paramLabel = "F",
      defaultValue = RecordFormat.AVRO,
      completionCandidates = Formats.class,
      description = "Format of the records: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private String format;

  @Option(names = "--id", paramLabel = "ID", description = "Id of the one review to correct.")
  private String id;

  @Option(names = "--label", paramLabel = "LABEL", description = "Its right label.")
  private String label;

  @Option(
      names = "--withdraw",
      description = "Take back what was said of that review, instead of giving it a label.")
  private boolean withdraw;

  @Option(
      names = "--id-column",
      paramLabel = "NAME",
      defaultValue = "id",
      description = "Column or field of a file that holds the id. Default: ${DEFAULT-VALUE}.")
  private String idColumn;

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      defaultValue = "label",
      description =
          "Column or field that holds the label; rows where it is blank are passed over. Default:"
              + " ${DEFAULT-VALUE}.")
  private String labelColumn;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "CSV or TSV with a header, or JSON Lines, instead of --id and --label.")
  private List<Path> files = List.of();

  private RecordFormat<ReviewLabel> labels;
  private Problems problems;

  @Override
  public Integer call() throws IOException {
    check();
    labels = RecordFormat.labels(format, registry.registry(brokers), topic);
    PrintWriter err = spec.commandLine().getErr();
    problems = new Problems(err::println);
    brokers.requireAnswer();
    new ClientLog().mute();
    new LabelTopic(brokers, topic).prepare(err::println);
    try (RecordPublisher publisher = new RecordPublisher(brokers, topic)) {
      long blank = id != null ? one(publisher) : all(publisher);
      publisher.flush();
      err.printf(
          Locale.ROOT,
          "%,d %s on the topic %s%s%s%n",
          publisher.acknowledged(),
          publisher.acknowledged() == 1 ? "correction" : "corrections",
          topic,
          blank == 0 ? "" : String.format(Locale.ROOT, "; %,d rows have no label", blank),
          problems.count() == 0
              ? ""
              : String.format(
                  Locale.ROOT,
                  "; %,d places are not corrections and were left out",
                  problems.count()));
      err.flush();
    } finally {
      labels.close();
    }
    return problems.count() == 0 ? 0 : 1;
  }

  private void check() {
    registry.requireFormat(spec, format, RecordFormat.NAMES, brokers);
    if ((id == null) == files.isEmpty()) {
      throw new BadUsage(spec, "Give either --id or files");
    }
    if (id == null ? label != null || withdraw : (label == null) != withdraw) {
      throw new BadUsage(spec, "--id goes with either --label or --withdraw");
    }
    if (id != null && id.isBlank()) {
      throw BadUsage.of(spec, "--id", "it is blank");
    }
    if (label != null && (label.isBlank() || isReserved(label.strip()))) {
      throw BadUsage.of(spec, "--label", "'%s' is no label that can be learned".formatted(label));
    }
  }

  /** What a model says when it does not know. */
  private static boolean isReserved(String label) {
    return label.equals(Score.UNCERTAIN);
  }

  private long one(RecordPublisher publisher) {
    if (withdraw) {
      publisher.send(KIND, id, null);
    } else {
      send(publisher, id, label.strip());
    }
    return 0;
  }

  private long all(RecordPublisher publisher) throws IOException {
    LabelFile reader =
        new LabelFile(
            idColumn,
            labelColumn,
            (review, right) -> {
              if (isReserved(right)) {
                problems.add(
                    "review " + review + ": '" + right + "' is no label that can be learned");
              } else {
                send(publisher, review, right);
              }
            },
            problems::add);
    for (Path file : files) {
      reader.read(file);
    }
    return reader.blank();
  }

  private void send(RecordPublisher publisher, String review, String right) {
    try {
      publisher.send(
          KIND,
          review,
          labels.write(ReviewLabel.newBuilder().setId(review).setLabel(right).build()));
    } catch (SchemaRegistryUnavailableException | SchemaRefusedException e) {
      throw publisher.failed(KIND, review, e);
    }
  }

  /** What {@code --format} may be. */
  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return RecordFormat.NAMES.iterator();
    }
  }
}
