package dev.valence.cli;

import dev.valence.training.LanguageModel;
import dev.valence.training.Sampling;
import dev.valence.training.TemperatureSampling;
import dev.valence.training.TextGenerator;
import dev.valence.training.TopKSampling;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence train generate}. */
@Command(name = "generate", description = "Let a language model write reviews.")
final class TrainGenerateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--language-model",
      paramLabel = "DIR",
      description =
          "Folder that 'valence train lm' has written (default: the language model that comes with"
              + " Valence).")
  private Path languageModel;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      defaultValue = "",
      description =
          "How each review begins, or ends if the model reads backwards (default: as the model"
              + " likes).")
  private String prompt;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0.8",
      description =
          "0 takes the likeliest word, 1 the model at its word, more makes it daring (default:"
              + " ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "50",
      description = "Choose among the K likeliest words (default: ${DEFAULT-VALUE}).")
  private int topK;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "120",
      description = "Most tokens of a review (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "3",
      description = "Number of reviews (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed writes the same reviews (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() {
    BadUsage.requireAtLeast(1, spec, "--count", count);
    BadUsage.requireAtLeast(1, spec, "--tokens", tokens);
    Sampling sampling = new TopKSampling(topK, new TemperatureSampling(temperature));
    LanguageModel model =
        languageModel == null
            ? new BundledModel().languageModel()
            : LanguageModel.read(languageModel);
    TextGenerator generator = new TextGenerator(model, sampling, seed);
    PrintWriter out = spec.commandLine().getOut();
    String separator = "";
    for (String review : generator.write(prompt, tokens, count)) {
      out.print(separator);
      out.println(review);
      separator = System.lineSeparator();
    }
    out.flush();
    return 0;
  }
}
