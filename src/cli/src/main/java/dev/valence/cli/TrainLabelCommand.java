package dev.valence.cli;

import dev.valence.model.SentimentModel;
import dev.valence.training.Corpus;
import dev.valence.training.Labeller;
import dev.valence.training.Progress;
import dev.valence.training.SoftLabels;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence train label}. */
@Command(
    name = "label",
    description =
        "Let a model judge the reviews that have no label, for 'valence train classifier"
            + " --soft-labels' to learn from. Reviews held out for validation are left out.")
final class TrainLabelCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CorpusOptions source;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of the model that teaches (default: the bundled one).")
  private Path model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "File to write: JSON Lines with id and probabilities.")
  private Path out;

  @Override
  public Integer call() {
    Corpus corpus = source.read("train").training(source.validation());
    int cores = Runtime.getRuntime().availableProcessors();
    try (SentimentModel teacher = SentimentModel.load(new ModelChoice().directory(model), cores)) {
      Progress progress = new Progress(System.err, System.console() != null);
      SoftLabels labels = new Labeller(progress).label(teacher, corpus);
      labels.write(out);
      spec.commandLine().getErr().printf("%,d soft labels in %s%n", labels.byId().size(), out);
      spec.commandLine().getErr().flush();
    }
    return 0;
  }
}
