package dev.valence.training;

import dev.valence.model.Reason;
import dev.valence.training.report.EpochFigures;
import dev.valence.training.report.History;
import dev.valence.training.report.JudgedReviews;
import dev.valence.training.report.RunReport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps a run's history, report and event file: each step's loss and rate go to the last, and at
 * the end of an epoch its figures to all three.
 */
final class RunLog {
  /** Steps between two looks at the memory. */
  private static final int LOOK = 100;

  private final TrainingRun run;
  private final History history;
  private final RunReport report;
  private final EventFile events;
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
    this.events = new EventFile(run.out());
  }

  /** Starts the clock of an epoch. */
  void startEpoch() {
    started = System.nanoTime();
    tokens = 0;
  }

  /**
   * Keeps what one step came to.
   *
   * @param step counts from 1
   * @param loss in nats
   * @param learningRate of the last layer group
   * @param stepTokens read in it
   * @throws TrainingException if it cannot be written
   */
  void step(long step, double loss, double learningRate, long stepTokens) {
    tokens += stepTokens;
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("training/loss", loss);
    scalars.put("training/learning_rate", learningRate);
    Long resident = step % LOOK == 0 ? ResidentMemory.bytes() : null;
    if (resident != null) {
      scalars.put("process/resident_bytes", resident.doubleValue());
    }
    try {
      events.add(step, scalars);
    } catch (IOException e) {
      throw failed(e);
    }
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
                  seconds,
                  ResidentMemory.bytes()));
      report.write(run.out(), epochs, judged);
      events.add(epoch.steps(), scalars(epoch));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static Map<String, Double> scalars(Epoch epoch) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("validation/loss", epoch.validationLoss());
    if (epoch.perplexity() != null) {
      scalars.put("validation/perplexity", epoch.perplexity());
    }
    if (epoch.accuracy() != null) {
      scalars.put("validation/accuracy", epoch.accuracy());
    }
    return scalars;
  }

  private TrainingException failed(IOException e) {
    return new TrainingException(
        "cannot write history, report and events of "
            + run.out()
            + ": "
            + Reason.of(e)
            + ". Make room, or remove history.csv, and resume.",
        e);
  }
}
