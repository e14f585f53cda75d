package dev.valence.cli;

import dev.valence.schema.Review;
import dev.valence.stream.FormatKeys;
import dev.valence.stream.TopicKeys;
import dev.valence.stream.ValenceConfig;
import dev.valence.stream.format.ReviewFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code valence produce}: reviews from files onto a topic. */
@Command(
    name = "produce",
    description =
        "Puts reviews from files onto a topic, each keyed by its id. Without an id a review takes"
            + " <file name>:<line>.")
final class ProduceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Brokers brokers;
  @Mixin private RegistryOption registry;
  @Mixin private SeparatedReviews.Columns columns;

  @Option(
      names = "--topic",
      paramLabel = "T",
      description = "Topic to write to. Default: what --stream-config says, else reviews.")
  private String topic;

  @Option(
      names = "--format",
      paramLabel = "F",
      completionCandidates = Formats.class,
      description =
          "Format of the records: ${COMPLETION-CANDIDATES}. Default: what --stream-config says, else"
              + " avro.")
  private String format;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "At most so many reviews a second. Default: as fast as the brokers take them.")
  private Double rate;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Plain text with a review a line (.txt), JSON Lines (.jsonl), CSV or TSV with a header, or"
              + " an aclImdb directory.")
  private List<Path> files;

  private ValenceConfig settings;
  private Pace pace;
  private ReviewProgress progress;
  private Problems problems;
  private long started;

  @Override
  public Integer call() throws IOException {
    check();
    settings = settings();
    brokers.requireAnswer();
    new ClientLog().mute();
    started = System.nanoTime();
    PrintWriter err = spec.commandLine().getErr();
    problems = new Problems(err::println);
    progress = new ReviewProgress(err);
    pace = rate == null ? null : new Pace(rate, System::nanoTime);
    try (ReviewPublisher publisher =
        new ReviewPublisher(brokers, settings.reviewsTopic(), settings.inputFormat())) {
      ReviewReader reader =
          new ReviewReader(columns, review -> send(publisher, review), problems::add);
      for (Path file : files) {
        reader.read(file);
      }
      publisher.flush();
      summarise(publisher.acknowledged());
    }
    return problems.count() == 0 ? 0 : 1;
  }

  private void check() {
    if (format != null) {
      registry.requireFormat(spec, format, Formats.NAMES, brokers);
    }
    if (rate != null && !(rate > 0)) {
      throw BadUsage.of(spec, "--rate", rate + " is not above 0");
    }
  }

  private ValenceConfig settings() {
    Map<String, String> keys = registry.keys();
    keys.put(TopicKeys.TOPIC_REVIEWS_CONFIG, topic);
    keys.put(FormatKeys.INPUT_FORMAT_CONFIG, format);
    return brokers.settings(keys);
  }

  private void send(ReviewPublisher publisher, Review review) {
    if (pace != null) {
      for (long wait = pace.nanosToNext(); wait > 0; wait = pace.nanosToNext()) {
        LockSupport.parkNanos(wait);
      }
      pace.happened();
    }
    publisher.send(review);
    progress.add(1);
  }

  private void summarise(long acknowledged) {
    double seconds = (System.nanoTime() - started) / 1e9;
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        Locale.ROOT,
        "%,d reviews on the topic %s in %.1f s%s%n",
        acknowledged,
        settings.reviewsTopic(),
        seconds,
        problems.count() == 0
            ? ""
            : String.format(
                Locale.ROOT, "; %,d places are not reviews and were left out", problems.count()));
  }

  /** What {@code --format} may be. */
  static final class Formats implements Iterable<String> {
    static final List<String> NAMES =
        Stream.concat(ReviewFormat.NAMES.stream(), Stream.of(ReviewFormat.REGISTERED)).toList();

    @Override
    public Iterator<String> iterator() {
      return NAMES.iterator();
    }
  }
}
