package dev.valence.cli;

import static java.util.stream.Collectors.joining;

import dev.valence.model.InvalidModelException;
import dev.valence.model.ModelManifest;
import dev.valence.model.ModelRepository;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence model list}. */
@Command(name = "list", description = "Lists the versions of a repository, the latest last.")
final class ModelListCommand implements Callable<Integer> {
  private static final String ROW = "%-8s  %-16s  %-20s  %s%n";

  @Spec private CommandSpec spec;

  @Option(
      names = "--repository",
      paramLabel = "DIR",
      description = "Directory of the versions (default: the model that comes with Valence).")
  private Path repository;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ModelRepository versions = new ModelRepository(new ModelChoice().repository(repository));
    out.printf(Locale.ROOT, ROW, "VERSION", "NAME", "CREATED", "METRICS");
    int exitCode = ExitCode.OK;
    for (long version : versions.versions()) {
      try {
        print(out, version, ModelManifest.read(versions.directory(version)));
      } catch (InvalidModelException e) {
        spec.commandLine().getErr().println(spec.qualifiedName(" ") + ": " + e.getMessage());
        spec.commandLine().getErr().flush();
        exitCode = ExitCode.SOFTWARE;
      }
    }
    out.flush();
    return exitCode;
  }

  private static void print(PrintWriter out, long version, ModelManifest manifest) {
    String metrics =
        manifest.metrics().entrySet().stream()
            .map(
                metric -> String.format(Locale.ROOT, "%s=%.4g", metric.getKey(), metric.getValue()))
            .collect(joining(" "));
    String created = manifest.createdAt().toString().replaceFirst("\\.\\d+", "");
    out.printf(Locale.ROOT, ROW, version, manifest.modelName(), created, metrics);
  }
}
