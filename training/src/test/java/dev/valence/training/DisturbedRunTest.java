package dev.valence.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.text.TextPipeline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run loses when something goes wrong in the middle of it: nothing but the steps since. */
class DisturbedRunTest {
  private static final Corpus TRAINING = Synthetic.reviews(200, 1);
  private static final Corpus VALIDATION = Synthetic.reviews(40, 2);
  private static final Hyperparameters NUMBERS =
      Synthetic.small(Preset.SEED.languageModel()).with(Map.of("cycle_len", "1"));

  @TempDir private Path folder;
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  /** A run in a JVM of its own that may be forbidden to write what a run needs to. */
  static final class Run {
    public static void main(String[] arguments) {
      Progress progress = new Progress(System.out, false);
      try {
        new LanguageModelTrainer(
                NUMBERS,
                Synthetic.run(Path.of(arguments[0]), 1, Duration.ZERO, progress, () -> false))
            .train(TRAINING, VALIDATION);
      } catch (TrainingException e) {
        System.out.println(e.getMessage());
        System.exit(1);
      }
    }
  }

  /** An export of a classifier that learned nothing. */
  static final class Export {
    public static void main(String[] arguments) {
      Hyperparameters numbers =
          Synthetic.small(Preset.SEED.classifier()).with(Map.of("em_sz", "200", "nh", "200"));
      TextPipeline pipeline = LanguageModel.untrained(numbers, TRAINING).pipeline();
      List<String> labels = TRAINING.labels();
      Classifier classifier =
          new Classifier(
              new Classifier.Facts(numbers.toJson(), labels, "none", 1, Map.of("accuracy", 0.5)),
              pipeline,
              Classifier.fresh(numbers, pipeline.vocabulary().size(), labels.size()));
      try {
        new ModelExporter("test").export(classifier, "none", 1, Path.of(arguments[0]));
      } catch (TrainingException e) {
        System.out.println(e.getMessage());
        System.exit(1);
      }
    }
  }

  private static Process allowedFilesOf64KiB(Class<?> main, Path argument) throws IOException {
    String java = ProcessHandle.current().info().command().orElseThrow();
    return new ProcessBuilder(
            "bash",
            "-c",
            "ulimit -f 64; exec \"$@\"",
            "limited",
            java,
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            argument.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void leavesNothingOfAnExportThatDoesNotFit() throws Exception {
    Path model = folder.resolve("models/1");
    Path empty = Files.createDirectories(folder.resolve("models/2"));

    for (Path directory : List.of(model, empty)) {
      Process export = allowedFilesOf64KiB(Export.class, directory);
      String output = new String(export.getInputStream().readAllBytes(), UTF_8);

      assertThat(export.waitFor()).as(output).isEqualTo(1);
      assertThat(output).contains("cannot export to " + directory, "Make room");
    }
    assertThat(model).doesNotExist();
    assertThat(empty).isEmptyDirectory();
  }

  @Test
  void keepsTheCheckpointWhenTheNextOneDoesNotFit() throws Exception {
    train(NUMBERS, stopAfter(20));
    assertThat(checkpoints()).contains("checkpoint-20");

    // A checkpoint has more than 200 KiB; the run may write files of 64.
    Process run = allowedFilesOf64KiB(Run.class, folder);
    String output = new String(run.getInputStream().readAllBytes(), UTF_8);

    assertThat(run.waitFor()).as(output).isEqualTo(1);
    assertThat(output)
        .contains("resuming from", "cannot write the checkpoint", "checkpoint-20 is whole");
    assertThat(checkpoints()).containsExactly("checkpoint-20");
    assertThat(train(NUMBERS, () -> false).finished()).isTrue();
  }

  @Test
  void namesTheStepWhoseLossIsNoNumberAndKeepsTheLastGoodCheckpoint() throws IOException {
    train(NUMBERS, stopAfter(20));

    // Step 21 still has a loss; the weights that it leaves do not.
    assertThatThrownBy(() -> train(NUMBERS.with(Map.of("lr", "1e38")), () -> false))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll("no number at step 22", "checkpoint-20 is good");

    assertThat(checkpoints()).containsExactly("checkpoint-20");
    LanguageModelTrainer.Outcome outcome = train(NUMBERS.with(Map.of("lr", "0.01")), () -> false);
    assertThat(outcome.finished()).isTrue();
    assertThat(outcome.perplexity()).isLessThan(10);
    assertThat(told.toString(UTF_8)).contains("resuming from", "\"lr\":0.01");
  }

  @Test
  void saysThatAStoppedRunGoesOn() throws IOException {
    assertThat(train(NUMBERS, stopAfter(3)).finished()).isFalse();

    assertThat(told.toString(UTF_8)).contains("stopped after step 3: the same command goes on");
    // Whether the weights of step 3 are good, only step 4 would tell.
    assertThat(checkpoints()).containsExactlyInAnyOrder("checkpoint-2", "checkpoint-3");
  }

  @Test
  void saysThatACheckpointIsDamaged() throws IOException {
    train(NUMBERS, stopAfter(3));
    Path checkpoint = folder.resolve("checkpoint-3");
    Path variables = checkpoint.resolve("variables.data-00000-of-00001");
    Files.write(variables, Arrays.copyOf(Files.readAllBytes(variables), 100));

    assertThatThrownBy(() -> train(NUMBERS, () -> false))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("cannot read " + checkpoint)
        .hasMessageEndingWith("Remove that folder to resume from the one before.");
  }

  @Test
  void refusesWeightsOfAnotherArchitecture() throws IOException {
    train(NUMBERS, () -> false);
    Path numbers = folder.resolve("hyperparameters.json");
    String trained = Files.readString(numbers);

    Files.writeString(numbers, trained.replace("\"nh\":32", "\"nh\":40"));
    assertThatThrownBy(() -> LanguageModel.read(folder))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll("lstm.0.input is [32, 128]", "[32, 160]", "another architecture");

    Files.writeString(numbers, trained.replace("\"nl\":2", "\"nl\":3"));
    assertThatThrownBy(() -> LanguageModel.read(folder))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll("do not fit", "lstm.2");
  }

  @Test
  void saysWhenTooLittleTextIsHeldOut() {
    Corpus tiny = new Corpus(List.of(new Document("1", "too small", null, "1")));
    TrainingRun run = run(() -> false);

    assertThatThrownBy(() -> new LanguageModelTrainer(NUMBERS, run).train(TRAINING, tiny))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll("too little text is held out", "3 tokens for bs 8");
  }

  private LanguageModelTrainer.Outcome train(Hyperparameters numbers, BooleanSupplier stop) {
    return new LanguageModelTrainer(numbers, run(stop)).train(TRAINING, VALIDATION);
  }

  private TrainingRun run(BooleanSupplier stop) {
    Progress progress = new Progress(new PrintStream(told, true, UTF_8), false);
    return Synthetic.run(folder, 1, Duration.ZERO, progress, stop);
  }

  private static BooleanSupplier stopAfter(int steps) {
    AtomicInteger made = new AtomicInteger();
    return () -> made.incrementAndGet() == steps;
  }

  private List<String> checkpoints() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains("checkpoint") || name.contains("partial"))
          .toList();
    }
  }
}
