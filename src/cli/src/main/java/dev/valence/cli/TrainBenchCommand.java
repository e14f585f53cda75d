package dev.valence.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.training.Device;
import dev.valence.training.Hyperparameters;
import dev.valence.training.TrainingBench;
import dev.valence.training.TrainingTask;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence train bench}. */
@Command(
    name = "bench",
    description =
        "Measure the step of the language model, or of the classifier, against this machine's bare"
            + " matrix product.")
final class TrainBenchCommand implements Callable<Integer> {
  private static final double GIGA = 1e9;

  @Spec private CommandSpec spec;
  @Mixin private RecipeOptions recipe;

  @Option(names = "--classifier", description = "Measure the classifier's step.")
  private boolean classifier;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      defaultValue = "33000",
      description = "Number of words of the made-up text (default: ${DEFAULT-VALUE}).")
  private int vocabulary;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "15",
      description = "Steps to time, of which the median counts (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    BadUsage.requireAtLeast(1, spec, "--steps", steps);
    Device device = recipe.device().find(TrainCommand.progress());
    Hyperparameters numbers =
        classifier
            ? recipe.classifier(TrainingTask.CLASSIFIER, recipe.preset().classifier())
            : recipe.languageModel(recipe.preset().languageModel());
    TrainingBench bench =
        new TrainingBench(numbers, recipe.device().towers(device), device, vocabulary);
    TrainingBench.Figures figures =
        classifier ? bench.measureClassifier(steps) : bench.measureLanguageModel(steps);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(figures));
    } else {
      print(out, figures);
    }
    out.flush();
    return 0;
  }

  private void print(PrintWriter out, TrainingBench.Figures figures) {
    line(out, "%-34s %,10.1f GFLOP/s", "bare product, one core", figures.matMulOneCore() / GIGA);
    line(
        out,
        "%-34s %,10.1f GFLOP/s",
        "bare product, %d towers' cores".formatted(figures.towers()),
        figures.matMul() / GIGA);
    line(
        out,
        "%-34s %,10.1f GFLOP/s",
        classifier ? "classifier's step" : "language model's step",
        figures.flopPerSecond() / GIGA);
    line(out, "%-34s %,10.0f tokens/s", "", figures.tokensPerSecond());
    line(out, "%-34s %,10.2f", "step against bare product", figures.ratio());
    if (!classifier) {
      line(out, "%-34s %,10.0f", "candidates of the softmax", figures.candidates());
    }
  }

  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
