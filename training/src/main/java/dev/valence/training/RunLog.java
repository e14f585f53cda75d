package dev.valence.training;

import dev.valence.training.report.EpochFigures;
import dev.valence.training.report.History;
import dev.valence.training.report.JudgedReviews;
import dev.valence.training.report.RunReport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps a run's history and report: measures the time of an epoch's steps, and writes both at its
 * end.
 */
final class RunLog {
  private final TrainingRun run;
  private final History history;
  private final RunReport report;
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

  /**
   * @param title what is trained
   * @param corpus digest of the training text
   */
  RunLog(TrainingRun run, String title, Hyperparameters numbers, String corpus) {
    this.run = run;
    Map<String, String> facts = new LinkedHashMap<>(numbers.byName());
    facts.put("towers", Integer.toString(run.towers()));
    facts.put("corpus (SHA-256)", corpus);
    this.report = new RunReport(title, facts);
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
   * Writes the epoch's line, and the report anew.
   *
   * @param seconds that its steps took
   * @param judged reviews as the classifier judged them; null for a language model
   * @throws TrainingException if it cannot be written
   */
  void endEpoch(Epoch epoch, double seconds, JudgedReviews judged) {
    try {
      List<EpochFigures> epochs =
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
      report.write(run.out(), epochs, judged);
    } catch (IOException e) {
      throw new TrainingException(
          "cannot write history and report of "
              + run.out()
              + ": "
              + e.getMessage()
              + ". Make room, or remove history.csv, and resume.",
          e);
    }
  }
}
