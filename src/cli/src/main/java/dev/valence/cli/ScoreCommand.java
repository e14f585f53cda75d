package dev.valence.cli;

import dev.valence.model.ModelManifest;
import dev.valence.model.Precision;
import dev.valence.model.SentimentModel;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence score}. */
@Command(
    name = "score",
    description =
        "Scores reviews. Reads JSON Lines with id and text from standard input, writes JSON Lines"
            + " with id, label, probabilities, tokens, unknownTokens and modelVersion in the same"
            + " order.")
final class ScoreCommand implements Callable<Integer> {
  /** More than any machine has cores; each takes memory, and a while to begin. */
  private static final int MOST_THREADS = 1_024;

  private final InputStream in;
  private final OutputStream out;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "A model's directory, or a repository's for its latest version (default: the model that"
              + " comes with Valence).")
  private Path model;

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "auto",
      description =
          "How the model computes: fp32, int8, or auto, what is fastest here (default:"
              + " ${DEFAULT-VALUE}).")
  private Precision precision;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Batches that are scored at the same time (default: one a core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  ScoreCommand() {
    this(System.in, new FileOutputStream(FileDescriptor.out));
  }

  ScoreCommand(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  @Override
  public Integer call() {
    BadUsage.requireFromTo(1, MOST_THREADS, spec, "--threads", threads);
    PrintWriter err = spec.commandLine().getErr();
    try (SentimentModel loaded =
            SentimentModel.load(new ModelChoice().directory(model), precision, List.of());
        JsonLinesWriter lines = new JsonLinesWriter(out)) {
      ModelManifest manifest = loaded.manifest();
      err.println(
          "model "
              + manifest.modelName()
              + " version "
              + manifest.version()
              + ", "
              + threads
              + " threads, "
              + loaded.precision());
      ReviewProgress progress = new ReviewProgress(err);
      new BlockScoring(loaded, threads).score(new ReviewLineReader(in), lines, progress);
      progress.end();
    }
    return 0;
  }
}
