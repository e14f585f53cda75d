package dev.valence.cli;

import dev.valence.training.ClassifierTrainer;
import dev.valence.training.Corpus;
import dev.valence.training.Device;
import dev.valence.training.Hyperparameters;
import dev.valence.training.LanguageModel;
import dev.valence.training.LanguageModelTrainer;
import dev.valence.training.Progress;
import dev.valence.training.RangeTest;
import dev.valence.training.TrainingRun;
import dev.valence.training.TrainingTask;
import dev.valence.training.report.RateCurve;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence train lr-find}. */
@Command(
    name = "lr-find",
    description =
        "Raise the learning rate until the loss diverges, and suggest one. Keeps no model.")
final class TrainLearningRateCommand implements Callable<Integer> {
  private static final int ROWS = 20;

  @Spec private CommandSpec spec;
  @Mixin private RecipeOptions recipe;
  @Mixin private CorpusOptions source;
  @Mixin private TokenCacheOption tokens;

  @Option(
      names = "--language-model",
      paramLabel = "DIR",
      description =
          "Find the rate of a classifier that starts from this language model (default: of a"
              + " language model).")
  private Path languageModel;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder that lr-find.svg is drawn into.")
  private Path out;

  @Option(
      names = "--from",
      paramLabel = "RATE",
      defaultValue = "1e-5",
      description = "Rate of the first step (default: ${DEFAULT-VALUE}).")
  private double from;

  @Option(
      names = "--to",
      paramLabel = "RATE",
      defaultValue = "1",
      description = "Rate of the last step (default: ${DEFAULT-VALUE}).")
  private double to;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "100",
      description = "Most steps (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Override
  public Integer call() throws IOException {
    BadUsage.requireAtLeast(2, spec, "--steps", steps);
    RangeTest test = new RangeTest(from, to, steps);
    RateCurve curve;
    try (Interruption stop = new Interruption()) {
      Progress progress = TrainCommand.progress();
      Device device = recipe.device().find(progress);
      curve =
          run(
              test,
              new TrainingRun(
                  out,
                  recipe.device().towers(device),
                  Duration.ofDays(1),
                  progress,
                  stop,
                  device,
                  Optional.of(tokens.cache(progress))));
    }
    if (curve.points().isEmpty()) {
      throw new CommandFailedException(
          "no step was made with a loss that is a number. Start lower with --from.");
    }
    Path drawing = curve.write(out);
    PrintWriter printer = spec.commandLine().getOut();
    print(printer, curve);
    printer.printf("curve in %s%n", drawing);
    printer.flush();
    return 0;
  }

  private RateCurve run(RangeTest test, TrainingRun run) {
    if (languageModel == null) {
      Hyperparameters numbers = recipe.languageModel(recipe.preset().languageModel());
      return new LanguageModelTrainer(numbers, run)
          .findRate(source.read("train").training(source.validation()), test);
    }
    LanguageModel start = LanguageModel.read(languageModel);
    Hyperparameters numbers =
        recipe.classifier(
            TrainingTask.CLASSIFIER,
            recipe.preset().classifier().withArchitecture(start.numbers()));
    Corpus corpus = source.read("train");
    return new ClassifierTrainer(numbers, run)
        .findRate(
            corpus.training(source.validation()),
            corpus.validation(source.validation()),
            start,
            test);
  }

  private static void print(PrintWriter out, RateCurve curve) {
    out.printf(Locale.ROOT, "%12s %10s%n", "rate", "loss");
    int count = curve.points().size();
    for (int row = 0; row < Math.min(ROWS, count); row++) {
      int at = count <= ROWS ? row : (int) Math.round(row * (count - 1) / (ROWS - 1.0));
      RateCurve.Point point = curve.points().get(at);
      out.printf(Locale.ROOT, "%12.3g %10.4f%n", point.rate(), point.loss());
    }
    if (curve.suggestion().isEmpty()) {
      out.println("The loss never fell. Start lower with --from, or make more --steps.");
      return;
    }
    out.printf(Locale.ROOT, "suggested: --set lr=%.1e%n", curve.suggestion().getAsDouble());
    if (!curve.diverged()) {
      out.println("The loss had not diverged yet. Raise --to to see where it does.");
    }
  }
}
