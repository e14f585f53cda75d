package dev.valence.cli;

import dev.valence.model.ModelManifest;
import dev.valence.training.Classifier;
import dev.valence.training.ModelExporter;
import java.nio.file.Path;
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

  @Override
  public Integer call() {
    String revision = spec.root().version()[0];
    ModelManifest manifest =
        new ModelExporter(revision).export(Classifier.read(classifier), name, version, out);
    spec.commandLine()
        .getErr()
        .printf("model %s version %d in %s%n", manifest.modelName(), manifest.version(), out);
    spec.commandLine().getErr().flush();
    return 0;
  }
}
