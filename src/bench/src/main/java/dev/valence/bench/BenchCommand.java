package dev.valence.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.cli.ModelChoice;
import dev.valence.model.ModelManifest;
import dev.valence.model.Precision;
import dev.valence.model.SentimentModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Utils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code valence bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures Valence beside what else could score reviews, on the same reviews and cores: a"
            + " the bare matrix product, b the SavedModel alone, c padded batches, d planned batches,"
            + " e Kafka to Kafka, f plain Kafka Streams, g the same model in PyTorch and ONNX"
            + " Runtime.")
final class BenchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of the model (default: the bundled one).")
  private Path model;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "An aclImdb directory, or a .csv, .tsv, .jsonl or .txt file (default: reviews made up of"
              + " the sample that comes with Valence).")
  private Path data;

  @Option(
      names = "--text-column",
      paramLabel = "NAME",
      defaultValue = "text",
      description = "Column or field of the text (default: ${DEFAULT-VALUE}).")
  private String textColumn;

  @Option(
      names = "--held-out",
      description = "Take the reviews that training with its default --validation holds out.")
  private boolean heldOut;

  @Option(
      names = "--reviews",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Reviews to score; an eighth of them where they go one by one, a quarter where they are"
              + " padded as they come (default: ${DEFAULT-VALUE}).")
  private int reviews;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Rounds in which everything is measured once, in a process of its own; the median counts"
              + " (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that score, each on a core of its own (default: one a core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--only",
      paramLabel = "LETTER",
      split = ",",
      description = "Letters of the table, such as d,e (default: all).")
  private List<String> only = List.of();

  @Option(
      names = "--growth",
      description =
          "Measure Valence by threads, instances, partitions, length of reviews and limits of"
              + " batches instead, and draw it into the HTML file of --out.")
  private boolean growth;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "File to write, Markdown (with --growth: HTML; default growth.html).")
  private Path out;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requirePositive("--reviews", reviews);
    requirePositive("--rounds", rounds);
    requirePositive("--threads", threads);
    if (heldOut && data == null) {
      throw new ParameterException(
          spec.commandLine(), "--held-out is of the reviews of --data: name them");
    }
    Set<String> letters =
        Arrays.stream(Contender.values()).map(Contender::letter).collect(Collectors.toSet());
    for (String letter : only) {
      if (!letters.contains(letter)) {
        throw new ParameterException(
            spec.commandLine(),
            "Invalid value for option '--only': " + letter + " is not one of a to g");
      }
    }
    Path directory = new ModelChoice().directory(model);
    ModelManifest manifest = ModelManifest.read(directory);
    ReviewSet set =
        data == null
            ? ReviewSet.madeUp(reviews)
            : ReviewSet.from(data, textColumn, heldOut, reviews);
    Path work = Files.createTempDirectory("valence-bench-");
    try {
      boolean eightBits = SentimentModel.precisions(directory).contains(Precision.INT8);
      PrintWriter err = spec.commandLine().getErr();
      try (Measuring measuring =
          new Measuring(directory, eightBits, set, threads, rounds, work, err)) {
        String name = manifest.modelName() + " version " + manifest.version();
        return growth ? grow(measuring, name) : compare(measuring, name);
      }
    } finally {
      Utils.delete(work.toFile());
    }
  }

  private int compare(Measuring measuring, String name) throws IOException, InterruptedException {
    List<Contender> chosen =
        Arrays.stream(Contender.values())
            .filter(contender -> only.isEmpty() || only.contains(contender.letter()))
            .toList();
    List<Map<Contender, Figures>> measured = measuring.compare(chosen);
    BenchTable table =
        new BenchTable(Machine.here(), name, measuring.reviews().name(), threads, measured);
    if (out != null) {
      Files.writeString(out, table.markdown());
    }
    print(json ? new ObjectMapper().writeValueAsString(table.json()) : table.markdown());
    return 0;
  }

  private int grow(Measuring measuring, String name) throws IOException, InterruptedException {
    Path file = out == null ? Path.of("growth.html") : out;
    List<Growth.Series> series = new Growth(measuring, threads).measure();
    GrowthReport report = new GrowthReport(Machine.here(), name, series);
    Files.writeString(file, report.html());
    print(json ? new ObjectMapper().writeValueAsString(report) : report.markdown());
    spec.commandLine().getErr().println("drawn into " + file);
    return 0;
  }

  private void print(String text) {
    PrintWriter printer = spec.commandLine().getOut();
    printer.println(text.strip());
    printer.flush();
  }

  private void requirePositive(String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '" + option + "': " + value + " is not positive");
    }
  }
}
