package dev.valence.cli;

import dev.valence.model.ModelManifest;
import dev.valence.model.SentimentModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code valence model verify}. */
@Command(
    name = "verify",
    description =
        "Checks a model as the processor does before it serves: files, vocabulary, labels, golden"
            + " reviews. Exit code 0 if it can serve.")
final class ModelVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description =
          "A model's directory, or a repository's for its latest version (default: the model that"
              + " comes with Valence).")
  private Path model;

  @Override
  public Integer call() {
    Path directory = new ModelChoice().directory(model);
    try (SentimentModel loaded = SentimentModel.load(directory)) {
      ModelManifest manifest = loaded.manifest();
      spec.commandLine()
          .getOut()
          .println(
              directory + " can serve: " + manifest.modelName() + " version " + manifest.version());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
