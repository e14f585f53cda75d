package dev.valence.cli;

import dev.valence.model.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code valence model inspect}. */
@Command(
    name = "inspect",
    description =
        "Prints what a model says about itself, as JSON. Checks nothing else: see verify.")
final class ModelInspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description =
          "A model's directory, or a repository's for its latest version (default: the model that"
              + " comes with Valence).")
  private Path model;

  @Override
  public Integer call() throws IOException {
    Path directory = new ModelChoice().directory(model);
    ModelManifest.read(directory);
    String json = Files.readString(directory.resolve(ModelManifest.FILE_NAME));
    spec.commandLine().getOut().println(json.strip());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
