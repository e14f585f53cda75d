package dev.valence.training;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Made-up reviews whose words follow each other, and whose label hangs on one of them, and small
 * runs that learn from them.
 */
final class Synthetic {
  private static final String[] SUBJECTS = {"film", "teacher", "kettle", "phone"};
  private static final String[] GOOD = {"great", "lovely", "brilliant"};
  private static final String[] BAD = {"awful", "dull", "broken"};

  private Synthetic() {}

  static Corpus reviews(int count, long seed) {
    Random random = new Random(seed);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean positive = random.nextBoolean();
      StringBuilder text = new StringBuilder();
      int sentences = 1 + random.nextInt(6);
      int telling = random.nextInt(sentences);
      for (int s = 0; s < sentences; s++) {
        String subject = SUBJECTS[random.nextInt(SUBJECTS.length)];
        String[] words = positive ? GOOD : BAD;
        text.append(
            s == telling
                ? "the "
                    + subject
                    + " is "
                    + words[random.nextInt(3)]
                    + (positive ? " and i love it . " : " but i hate it . ")
                : "i saw the " + subject + " . ");
      }
      documents.add(
          new Document(
              "review-" + i,
              text.toString().strip(),
              positive ? "positive" : "negative",
              "group-" + i));
    }
    return new Corpus(documents);
  }

  /** A run on the processor that keeps no tokens. */
  static TrainingRun run(
      Path out, int towers, Duration checkpointEvery, Progress progress, BooleanSupplier stop) {
    return new TrainingRun(
        out, towers, checkpointEvery, progress, stop, Device.CPU, Optional.empty());
  }

  static Hyperparameters small(Hyperparameters numbers) {
    return numbers.with(
        Map.of(
            "bs",
            "8",
            "bptt",
            "12",
            "min_freq",
            "1",
            "em_sz",
            "32",
            "nh",
            "32",
            "nl",
            "2",
            "drop_mult",
            "0.2",
            "lr",
            "0.02",
            "cycles",
            "1",
            "candidates",
            "8"));
  }

  /**
   * One that ends with an exception when its first epoch is validated and nothing of it written.
   */
  static TrainingRun killedAfterValidation(Path out) {
    PrintStream fails =
        new PrintStream(new ByteArrayOutputStream()) {
          @Override
          public void println(String line) {
            if (line.startsWith("epoch 1: ")) {
              throw new IllegalStateException("killed");
            }
          }
        };
    return run(out, 1, Duration.ofHours(1), new Progress(fails, false), () -> false);
  }
}
