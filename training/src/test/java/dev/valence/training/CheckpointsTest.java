package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.text.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final Hyperparameters NUMBERS =
      Synthetic.small(Preset.SEED.languageModel()).with(Map.of("cycle_len", "2"));

  @TempDir private Path folder;
  private Checkpoints checkpoints;
  private RunPosition fresh;

  @BeforeEach
  void begin() {
    LanguageModel untrained = LanguageModel.untrained(NUMBERS, Synthetic.reviews(20, 1));
    Vocabulary vocabulary = untrained.pipeline().vocabulary();
    fresh = RunPosition.fresh("corpus", vocabulary, untrained.parameters(), NUMBERS, 1);
    checkpoints = new Checkpoints(run());
  }

  @Test
  void keepsTheCheckpointBeforeAnEpochsEndUntilTheNextGoodStep() throws IOException {
    checkpoints.stopAfter(fresh.at(9, 0, 9, 0.5), CheckpointsTest::save);
    checkpoints.write(fresh.at(10, 1, 0, 0.5), CheckpointsTest::save);
    assertThat(folders()).containsExactlyInAnyOrder("checkpoint-9", "checkpoint-10");

    assertThat(checkpoints.diverged(11, Double.NaN))
        .hasMessageContaining("checkpoint-9 is good: lower lr, frozen_lr or clip, and resume.");

    assertThat(folders()).containsExactly("checkpoint-9");
  }

  @Test
  void keepsTheOnlyCheckpointThatValidationFoundGood() throws IOException {
    checkpoints.write(fresh.at(10, 1, 0, 0.5), CheckpointsTest::save);
    assertThat(checkpoints.diverged(11, Double.NaN))
        .hasMessageContainingAll("no number at step 11", "checkpoint-10 stays");
    assertThat(folders()).containsExactly("checkpoint-10");

    Checkpoints resumed = new Checkpoints(run());
    resumed.resume(fresh, 2, variables -> {});
    resumed.diverged(11, Double.NaN);

    assertThat(folders()).containsExactly("checkpoint-10");
  }

  @Test
  void leavesOneCheckpointAtTheEndOfARun() throws IOException {
    checkpoints.stopAfter(fresh.at(9, 1, 9, 0.5), CheckpointsTest::save);
    checkpoints.write(fresh.at(10, 2, 0, 0.5), CheckpointsTest::save);

    checkpoints.finish();

    assertThat(folders()).containsExactly("checkpoint-10");
  }

  @Test
  void goesOnWithTheLossAndTheStartThatItHad() {
    checkpoints.write(fresh.startingAt(0.75).at(10, 1, 0, 0.5), CheckpointsTest::save);

    RunPosition position = new Checkpoints(run()).resume(fresh, 2, variables -> {});

    assertThat(position.smoothedLoss()).isEqualTo(0.5);
    assertThat(position.startAccuracy()).isEqualTo(0.75);
  }

  @Test
  void goesBackToACheckpointThatWasBeingReplacedWhenTheRunWasKilled() throws IOException {
    checkpoints.write(fresh.at(10, 1, 0, 0.5), CheckpointsTest::save);
    Path whole = folder.resolve("checkpoint-10");
    Path replaced = folder.resolve(".replaced-checkpoint");
    Files.move(whole, replaced);

    List<Path> restored = new ArrayList<>();
    RunPosition position = new Checkpoints(run()).resume(fresh, 2, restored::add);

    assertThat(position.step()).isEqualTo(10);
    assertThat(restored).containsExactly(whole.resolve("variables"));
    assertThat(replaced).doesNotExist();
  }

  private TrainingRun run() {
    Progress silent = new Progress(new PrintStream(new ByteArrayOutputStream()), false);
    return Synthetic.run(folder, 1, Duration.ZERO, silent, () -> false);
  }

  private static void save(Path variables) {
    try {
      Files.writeString(variables, "weights");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> folders() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
