package dev.valence.training;

import dev.valence.training.report.EpochFigures;
import dev.valence.training.report.History;
import java.io.IOException;

/** Keeps a run's history: measures the time of an epoch's steps, and writes its line. */
final class RunLog {
  private final TrainingRun run;
  private final History history;
  private long started;
  private long tokens;

  /**
   * What an epoch came to.
   *
   * @param epoch counts from 1
   * @param steps updates since the run's start
   * @param learningRate in the middle of the epoch
   * @param validationLoss in nats
   * @param perplexity null for a classifier
   * @param accuracy null for a language model
   */
  record Epoch(
      int epoch,
      long steps,
      double learningRate,
      double validationLoss,
      Double perplexity,
      Double accuracy) {}

  RunLog(TrainingRun run) {
    this.run = run;
    this.history = new History(run.out());
  }

  /** Starts the clock of an epoch. */
  void startEpoch() {
    started = System.nanoTime();
    tokens = 0;
  }

  /** Counts one step's tokens. */
  void step(long stepTokens) {
    tokens += stepTokens;
  }

  /** Seconds since the epoch's start. */
  double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  /**
   * Writes the epoch's line.
   *
   * @param seconds that its steps took
   * @throws TrainingException if it cannot be written
   */
  void endEpoch(Epoch epoch, double seconds) {
    try {
      history.add(
          new EpochFigures(
              epoch.epoch(),
              epoch.steps(),
              run.progress().smoothedLoss(),
              epoch.validationLoss(),
              epoch.perplexity(),
              epoch.accuracy(),
              epoch.learningRate(),
              tokens / seconds,
              seconds));
    } catch (IOException e) {
      throw new TrainingException(
          "cannot write the history of "
              + run.out()
              + ": "
              + e.getMessage()
              + ". Make room, or remove history.csv, and resume.",
          e);
    }
  }
}
