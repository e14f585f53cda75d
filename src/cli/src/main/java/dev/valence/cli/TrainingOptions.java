package dev.valence.cli;

import dev.valence.training.Corpus;
import dev.valence.training.CorpusReader;
import dev.valence.training.Hyperparameters;
import dev.valence.training.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Option;

/** What all training runs are told alike. */
final class TrainingOptions {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the run; a run that was stopped there goes on.")
  private Path out;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Replace a hyper-parameter, for example --set bs=32.")
  private Map<String, String> replaced = new LinkedHashMap<>();

  @Option(
      names = "--towers",
      paramLabel = "N",
      description = "Branches that train side by side (default: one a core).")
  private int towers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--checkpoint-minutes",
      paramLabel = "N",
      defaultValue = "5",
      description = "Time between two checkpoints (default: ${DEFAULT-VALUE}).")
  private long checkpointMinutes;

  Path out() {
    return out;
  }

  int towers() {
    return towers;
  }

  Hyperparameters numbers(Hyperparameters preset) {
    return preset.with(replaced);
  }

  Duration checkpointEvery() {
    return Duration.ofMinutes(checkpointMinutes);
  }

  Progress progress() {
    return new Progress(System.err, System.console() != null);
  }

  /** Ctrl-C lets the run write a checkpoint before the JVM ends. */
  static final class Interruption implements BooleanSupplier, AutoCloseable {
    private final AtomicBoolean asked = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook =
        new Thread(
            () -> {
              asked.set(true);
              try {
                ended.await(60, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "stop-training");

    Interruption() {
      Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public boolean getAsBoolean() {
      return asked.get();
    }

    @Override
    public void close() {
      ended.countDown();
      if (!asked.get()) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
  }

  /** Where the reviews come from. */
  static final class Source {
    @Option(
        names = "--data",
        required = true,
        paramLabel = "PATH",
        description = "An aclImdb directory, or a .csv, .tsv, .jsonl or .txt file.")
    private Path data;

    @Option(
        names = "--text-column",
        paramLabel = "NAME",
        defaultValue = "text",
        description = "Column or field of the text (default: ${DEFAULT-VALUE}).")
    private String text;

    @Option(
        names = "--label-column",
        paramLabel = "NAME",
        defaultValue = "label",
        description = "Column or field of the label (default: ${DEFAULT-VALUE}).")
    private String label;

    @Option(
        names = "--group-column",
        paramLabel = "NAME",
        defaultValue = "group",
        description =
            "Column or field of what a review is about; a group is never split between training and"
                + " validation (default: ${DEFAULT-VALUE}).")
    private String group;

    @Option(
        names = "--validation",
        paramLabel = "SHARE",
        defaultValue = "0.1",
        description = "Part of the groups that is held out (default: ${DEFAULT-VALUE}).")
    private double validation;

    double validation() {
      return validation;
    }

    Corpus read(String split) {
      return new CorpusReader(new CorpusReader.Columns(text, label, group)).read(data, split);
    }
  }
}
