package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.valence.training.report.EpochFigures;
import dev.valence.training.report.History;
import dev.valence.training.report.RateCurve;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageModelTrainerTest {
  private static final Corpus TRAINING = Synthetic.reviews(400, 1);
  private static final Corpus VALIDATION = Synthetic.reviews(80, 2);
  private static final Hyperparameters NUMBERS =
      Synthetic.small(Preset.SEED.languageModel()).with(Map.of("cycle_len", "2"));

  @TempDir private Path folder;

  @Test
  void learnsWhichWordsFollowEachOther() {
    LanguageModelTrainer.Outcome outcome =
        trainer(folder, NUMBERS, 2, () -> false).train(TRAINING, VALIDATION);

    assertThat(outcome.finished()).isTrue();
    // The untrained model is as perplexed as the vocabulary is large: 23.
    // four "the".
    assertThat(outcome.perplexity()).isLessThan(3);
  }

  @Test
  void endsWithTheSameLossWhenItWasKilledAndResumed() throws Exception {
    LanguageModelTrainer.Outcome unbroken =
        trainer(folder.resolve("unbroken"), NUMBERS, 1, () -> false).train(TRAINING, VALIDATION);

    Path broken = folder.resolve("broken");
    killAfterSteps(50, broken);
    LanguageModelTrainer.Outcome resumed =
        trainer(broken, NUMBERS, 1, () -> false).train(TRAINING, VALIDATION);

    assertThat(resumed.steps()).isEqualTo(unbroken.steps()).isGreaterThan(150);
    assertThat(resumed.perplexity())
        .isCloseTo(unbroken.perplexity(), within(1e-4 * unbroken.perplexity()));
    assertThat(new History(broken).read())
        .usingRecursiveFieldByFieldElementComparatorOnFields("epoch", "steps", "learningRate")
        .isEqualTo(new History(folder.resolve("unbroken")).read())
        .hasSize(2)
        .last()
        .returns(resumed.steps(), EpochFigures::steps)
        .returns(resumed.perplexity(), EpochFigures::perplexity);
    assertThat(resumed.trainingLoss()).isCloseTo(unbroken.trainingLoss(), within(1e-4));
  }

  @Test
  void keepsTheLossOfAnEpochWhoseEndWasWrittenByAnotherProcess() throws Exception {
    trainer(folder, NUMBERS, 1, () -> false).train(TRAINING, VALIDATION);
    List<EpochFigures> unbroken = new History(folder).read();
    Path stopped = folder.resolve("stopped");
    long last = unbroken.get(0).steps();
    AtomicLong steps = new AtomicLong();
    trainer(stopped, NUMBERS, 1, () -> steps.incrementAndGet() == last).train(TRAINING, VALIDATION);

    trainer(stopped, NUMBERS, 1, () -> false).train(TRAINING, VALIDATION);

    assertThat(new History(stopped).read())
        .first()
        .satisfies(
            epoch ->
                assertThat(epoch.trainingLoss())
                    .isCloseTo(unbroken.get(0).trainingLoss(), within(1e-4)));
  }

  /** A run in a JVM of its own that writes a checkpoint after every step. */
  static final class Run {
    public static void main(String[] arguments) {
      BooleanSupplier announce =
          () -> {
            System.out.println("step");
            return false;
          };
      new LanguageModelTrainer(
              NUMBERS,
              Synthetic.run(
                  Path.of(arguments[0]),
                  1,
                  Duration.ZERO,
                  new Progress(System.err, false),
                  announce))
          .train(TRAINING, VALIDATION);
    }
  }

  private static void killAfterSteps(int steps, Path out) throws Exception {
    Process run =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Run.class.getName(),
                out.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines = run.inputReader()) {
      for (int step = 0; step < steps; step++) {
        assertThat(lines.readLine()).isEqualTo("step");
      }
    } finally {
      run.destroyForcibly().waitFor();
    }
    assertThat(out).isDirectoryContaining("glob:**/checkpoint-*");
  }

  @Test
  void losesNoStepWhenItIsKilledWhileItValidates() throws Exception {
    LanguageModelTrainer.Outcome unbroken =
        trainer(folder.resolve("unbroken"), NUMBERS, 1, () -> false).train(TRAINING, VALIDATION);
    long last = new History(folder.resolve("unbroken")).read().get(0).steps();
    Path killed = folder.resolve("killed");
    TrainingRun run = Synthetic.killedAfterValidation(killed);
    assertThatThrownBy(() -> new LanguageModelTrainer(NUMBERS, run).train(TRAINING, VALIDATION))
        .hasMessage("killed");
    assertThat(killed.resolve("checkpoint-" + last)).exists();

    LanguageModelTrainer.Outcome resumed =
        trainer(killed, NUMBERS, 1, () -> false).train(TRAINING, VALIDATION);

    assertThat(resumed.steps()).isEqualTo(unbroken.steps());
    assertThat(resumed.perplexity())
        .isCloseTo(unbroken.perplexity(), within(1e-4 * unbroken.perplexity()));
  }

  @Test
  void keepsOneWholeCheckpoint() throws Exception {
    trainer(folder, NUMBERS, 1, () -> false).train(TRAINING, VALIDATION);

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.contains("checkpoint")))
          .hasSize(1);
    }
  }

  @Test
  void readsBackWhatItWrote() {
    trainer(folder, NUMBERS, 1, () -> false).train(TRAINING, VALIDATION);

    LanguageModel model = LanguageModel.read(folder);

    assertThat(model.numbers()).isEqualTo(NUMBERS);
    assertThat(model.pipeline().vocabulary().id("kettle")).isPositive();
    assertThat(model.parameters().byName().get("lstm.1.hidden").shape()).containsExactly(32, 128);
  }

  @Test
  void widensALanguageModelThatPredictsAsBefore() {
    LanguageModelTrainer.Outcome narrow =
        trainer(folder, NUMBERS, 1, () -> false).train(TRAINING, VALIDATION);
    LanguageModel known = LanguageModel.read(folder);
    Path wider = folder.resolve("wider");
    Hyperparameters numbers = NUMBERS.with(Map.of("em_sz", "40", "nh", "50", "cycles", "0"));

    LanguageModelTrainer.Outcome wide =
        trainer(wider, numbers, 1, () -> false).train(TRAINING, VALIDATION, known);

    // Half precision on the way moves it a little.
    assertThat(wide.perplexity()).isCloseTo(narrow.perplexity(), within(0.01));
    assertThat(LanguageModel.read(wider).parameters().byName().get("lstm.1.input").shape())
        .containsExactly(50, 160);
  }

  @Test
  void refusesToGoOnFromAWiderLanguageModel() {
    LanguageModel known = LanguageModel.untrained(NUMBERS, TRAINING);
    Hyperparameters narrower = NUMBERS.with(Map.of("nh", "20"));

    assertThatThrownBy(
            () -> trainer(folder, narrower, 1, () -> false).train(TRAINING, VALIDATION, known))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll("32, 20 and 2", "32, 32 and 2 of the model to start from");
  }

  @Test
  void resumesARunThatWasStoppedBeforeANumberWasAdded() throws Exception {
    trainer(folder, NUMBERS, 1, () -> true).train(TRAINING, VALIDATION);
    Path position = folder.resolve("checkpoint-1/position.json");
    String written = Files.readString(position);
    String before = written.replace("\\\"schedule\\\":\\\"cosine\\\",", "");
    Files.writeString(position, before);

    LanguageModelTrainer.Outcome outcome =
        trainer(folder, NUMBERS, 1, () -> true).train(TRAINING, VALIDATION);

    assertThat(before).isNotEqualTo(written);
    assertThat(outcome.steps()).isEqualTo(2);
  }

  @Test
  void leavesTheModelOfTheLastWholeEpochWhenItIsStopped() {
    LanguageModelTrainer.Outcome outcome =
        trainer(folder, NUMBERS, 1, () -> Files.exists(folder.resolve("language-model.index")))
            .train(TRAINING, VALIDATION);

    assertThat(outcome.finished()).isFalse();
    assertThat(LanguageModel.read(folder).numbers()).isEqualTo(NUMBERS);
  }

  @Test
  void goesOnWithProductsMadeInAnotherWay() {
    trainer(folder, NUMBERS, 1, () -> true).train(TRAINING, VALIDATION);
    Hyperparameters rounded = NUMBERS.with(Map.of("products", "bfloat16"));

    assertThat(trainer(folder, rounded, 1, () -> false).train(TRAINING, VALIDATION).perplexity())
        .isLessThan(3);
  }

  @Test
  void refusesToResumeWithOtherNumbers() {
    trainer(folder, NUMBERS, 1, () -> true).train(TRAINING, VALIDATION);
    Hyperparameters others = NUMBERS.with(Map.of("nh", "20"));

    assertThatThrownBy(() -> trainer(folder, others, 1, () -> false).train(TRAINING, VALIDATION))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("other hyper-parameters")
        .hasMessageContaining("\"nh\":32");
  }

  @Test
  void refusesOtherNumbersWhenNothingIsLeftToLearn() {
    LanguageModelTrainer.Outcome ended =
        trainer(folder, NUMBERS, 1, () -> false).train(TRAINING, VALIDATION);
    Hyperparameters slower = NUMBERS.with(Map.of("lr", "0.01"));

    assertThatThrownBy(() -> trainer(folder, slower, 1, () -> false).train(TRAINING, VALIDATION))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "the run in %s has ended, with {lr=0.02}: nothing would be learned with other numbers. Name another --out.",
            folder);
    assertThat(trainer(folder, NUMBERS, 1, () -> false).train(TRAINING, VALIDATION).steps())
        .isEqualTo(ended.steps());
  }

  @Test
  void findsARateAndKeepsNothing() throws Exception {
    Path out = folder.resolve("lr");

    RateCurve curve =
        trainer(out, NUMBERS, 2, () -> false).findRate(TRAINING, new RangeTest(1e-4, 10, 120));

    assertThat(curve.suggestion().getAsDouble()).isBetween(1e-4, 0.1);
    assertThat(curve.points()).anySatisfy(point -> assertThat(point.loss()).isLessThan(2.5));
    assertThat(out).doesNotExist();
    assertThat(curve.write(out)).content().startsWith("<svg xmlns=").contains("<path");
  }

  @Test
  void refusesACorpusSmallerThanABatch() {
    Corpus tiny = new Corpus(List.of(new Document("1", "too small", null, "1")));

    assertThatThrownBy(() -> trainer(folder, NUMBERS, 1, () -> false).train(tiny, VALIDATION))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("smaller than a batch");
  }

  private static LanguageModelTrainer trainer(
      Path out, Hyperparameters numbers, int towers, BooleanSupplier stop) {
    Progress silent = new Progress(new PrintStream(new ByteArrayOutputStream()), false);
    return new LanguageModelTrainer(
        numbers, Synthetic.run(out, towers, Duration.ofHours(1), silent, stop));
  }
}
