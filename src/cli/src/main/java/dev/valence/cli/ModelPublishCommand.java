package dev.valence.cli;

import dev.valence.model.ModelRepository;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code valence model publish}. */
@Command(
    name = "publish",
    description =
        "Checks a model and copies it into a repository under the next version, which it prints."
            + " The version appears whole or not at all.")
final class ModelPublishCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The model's directory.")
  private Path model;

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "DIR",
      description = "Directory of the versions; made if it does not exist.")
  private Path repository;

  @Override
  public Integer call() {
    ModelRepository versions = new ModelRepository(repository);
    long version = versions.publish(model);
    spec.commandLine()
        .getErr()
        .println("published " + model + " as " + versions.directory(version));
    spec.commandLine().getErr().flush();
    spec.commandLine().getOut().println(version);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
