package dev.valence.cli;

import dev.valence.model.ModelManifest;
import dev.valence.training.Abstention;
import dev.valence.training.Classifier;
import dev.valence.training.ModelExporter;
import dev.valence.training.ValidationJudgements;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence train export}. */
@Command(
    name = "export",
    description = "Write a trained classifier as a model that 'score' and 'stream' load.")
final class TrainExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--classifier",
      required = true,
      paramLabel = "DIR",
      description = "Folder that 'valence train classifier' has written.")
  private Path classifier;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the model; must be empty or not there yet.")
  private Path out;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "sentiment",
      description = "Name of the model (default: ${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--model-version",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Version of the model; 'valence model publish' gives the next free one (default:"
              + " ${DEFAULT-VALUE}).")
  private long version;

  @Option(
      names = "--precision",
      paramLabel = "P",
      description =
          "Label reviews 'uncertain' below the confidence above which this part of the held-out"
              + " reviews is judged right, for example 0.95 (default: every review gets a label).")
  private Double precision;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description =
          "Tokens that the model reads of a review; a longer one loses its middle (default: as many"
              + " as in the validation of the training run). A batch takes as long as its longest"
              + " review. Other than the default it does not go with --precision.")
  private Integer maxTokens;

  @Override
  public Integer call() {
    requireNameAndVersion();
    Classifier trained = trained();
    String revision = spec.root().version()[0];
    Optional<Abstention> abstention =
        Optional.ofNullable(precision)
            .map(part -> Abstention.forPrecision(ValidationJudgements.read(classifier), part));
    ModelManifest manifest =
        new ModelExporter(revision).export(trained, name, version, abstention, out);
    PrintWriter err = spec.commandLine().getErr();
    err.printf("model %s version %d in %s%n", manifest.modelName(), manifest.version(), out);
    abstention.ifPresent(
        chosen ->
            err.printf(
                Locale.ROOT,
                "uncertain below %.3f: %.1f %% of the held-out reviews keep a label, %.1f %% of those"
                    + " are right%n",
                chosen.threshold(),
                100 * chosen.coverage(),
                100 * chosen.precision()));
    err.flush();
    return 0;
  }

  /** What the manifest would refuse, before the graphs are made. */
  private void requireNameAndVersion() {
    if (name.isBlank()) {
      throw BadUsage.of(spec, "--name", "it is blank");
    }
    BadUsage.requireAtLeast(1, spec, "--model-version", version);
    String folder = String.valueOf(out.toAbsolutePath().normalize().getFileName());
    if (folder.matches("\\d+") && !folder.equals(Long.toString(version))) {
      throw BadUsage.of(
          spec,
          "--out",
          "a folder %s is for version %s, and this is version %d; name another, or give --model-version"
              .formatted(folder, folder, version));
    }
  }

  private Classifier trained() {
    Classifier trained = Classifier.read(classifier);
    if (maxTokens == null) {
      return trained;
    }
    if (precision != null && maxTokens != trained.judgedTokens()) {
      throw BadUsage.of(
          spec,
          "--max-tokens",
          "with --precision, %d must be the %d tokens that the held-out reviews were read by: how sure a model is that reads otherwise is not known; leave out one of the two"
              .formatted(maxTokens, trained.judgedTokens()));
    }
    return trained.readingAtMost(maxTokens);
  }
}
