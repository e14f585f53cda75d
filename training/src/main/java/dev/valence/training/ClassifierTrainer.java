package dev.valence.training;

import dev.valence.text.TextPipeline;
import dev.valence.text.Vocabulary;
import dev.valence.training.report.RateCurve;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Fine-tunes a language model to judge reviews (Howard and Ruder, 2018, section 3.3): the head
 * alone first, then the layers below it, together or one after the other. The weights that judged
 * the validation reviews best are kept; those of the start, calibrated, if there is no epoch.
 */
public final class ClassifierTrainer {
  private static final int STANDARDISED_BATCHES = 20;

  private final Hyperparameters numbers;
  private final Unfreezing unfreezing;
  private final SoftLabels softLabels;
  private final TrainingRun run;

  /** A trainer that learns from judged reviews alone. */
  public ClassifierTrainer(Hyperparameters numbers, TrainingRun run) {
    this(numbers, SoftLabels.none(), run);
  }

  /**
   * @param softLabels of reviews that nobody judged, for {@code unlabelled} of them in an epoch for
   *     each judged one
   * @throws TrainingException if there are soft labels but {@code unlabelled} is 0, or the other
   *     way round, or the numbers are no classifier's
   */
  public ClassifierTrainer(Hyperparameters numbers, SoftLabels softLabels, TrainingRun run) {
    if (softLabels.byId().isEmpty() != (numbers.unlabelled() == 0)) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "unlabelled is %s with %,d soft labels. Give --soft-labels and --set unlabelled=1, or"
                  + " neither.",
              numbers.unlabelled(),
              softLabels.byId().size()));
    }
    numbers.requireClassifier();
    this.softLabels = softLabels;
    this.numbers = numbers;
    this.unfreezing = Unfreezing.of(numbers);
    this.run = run;
  }

  /**
   * What came of a run.
   *
   * @param finished false if it was stopped before its end
   * @param steps updates made
   * @param trainingLoss mean loss of the last steps in nats
   * @param accuracy the best on the validation reviews, whose weights were kept
   */
  public record Outcome(boolean finished, long steps, double trainingLoss, double accuracy) {}

  /**
   * All that does not change in the course of a run.
   *
   * @param stepsBefore updates made before the first of each depth of {@link #unfreezing}
   */
  private record Task(
      ClassifierGraph graph, ClassifierText text, Map<Integer, Long> stepsBefore, Start start) {}

  /**
   * What a run begins with.
   *
   * @param weights encoder and head
   * @param standardised whether the head knows its features' mean and scale already
   */
  private record Start(
      List<String> labels, TextPipeline pipeline, Parameters weights, boolean standardised) {}

  /**
   * Trains from a language model, or from the folder's newest checkpoint.
   *
   * @param training reviews to learn; those without a label are passed over
   * @param validation reviews to choose by
   * @param languageModel gives encoder and vocabulary
   * @throws TrainingException if the labels do not make a task, the folder holds a run of other
   *     numbers, the start has other layers or reads from the other end, or the loss is no number
   */
  public Outcome train(Corpus training, Corpus validation, LanguageModel languageModel) {
    return with(training, validation, start(training, languageModel), this::learn);
  }

  /**
   * Goes on from a classifier, its head included where the labels are the same. Else its encoder
   * gets a fresh head: what tells one label from another is often of use for others.
   *
   * @param training reviews to learn; those without a label are passed over
   * @param validation reviews to choose by
   * @param start of the same architecture as these numbers
   * @throws TrainingException if the labels do not make a task, the folder holds a run of other
   *     numbers, the start has other layers or reads from the other end, or the loss is no number
   */
  public Outcome train(Corpus training, Corpus validation, Classifier start) {
    numbers.requireArchitectureOf(start.facts().numbers());
    List<String> labels = training.labels();
    boolean same = labels.equals(start.facts().labels());
    if (same) {
      numbers.requireHeadOf(start.facts().numbers());
    }
    Parameters weights =
        same
            ? start.parameters()
            : start.parameters().with(ClassifierHead.parameters(numbers, labels.size()));
    return with(
        training, validation, new Start(labels, start.pipeline(), weights, same), this::learn);
  }

  /**
   * Makes a range test of all layers from a language model. Nothing is kept.
   *
   * @param training reviews to learn; those without a label are passed over
   * @param validation not read, but it must be good for training
   * @param languageModel gives encoder and vocabulary
   * @throws TrainingException if the labels do not make a task
   */
  public RateCurve findRate(
      Corpus training, Corpus validation, LanguageModel languageModel, RangeTest test) {
    return with(training, validation, start(training, languageModel), task -> findRate(task, test));
  }

  private RateCurve findRate(Task task, RangeTest test) {
    standardise(task);
    run.progress().start();
    for (int epoch = 0; !over(test); epoch++) {
      Iterator<List<ReviewBatches.Encoded>> batches =
          task.text().training().epoch(epoch).iterator();
      while (batches.hasNext() && !over(test)) {
        List<ReviewBatches.Encoded> batch = batches.next();
        test.add(
            task.graph().train(batch, unfreezing.groups(), test.rate(), test.step(), test.step()));
        run.progress().read("lr-find", test.position(), tokens(batch));
      }
    }
    return test.curve();
  }

  private boolean over(RangeTest test) {
    return test.over() || run.stop().getAsBoolean();
  }

  private Start start(Corpus training, LanguageModel languageModel) {
    numbers.requireArchitectureOf(languageModel.numbers());
    TextPipeline pipeline = languageModel.pipeline();
    List<String> labels = training.labels();
    Parameters weights =
        Classifier.fresh(numbers, pipeline.vocabulary().size(), labels.size())
            .with(languageModel.parameters().encoder());
    return new Start(labels, pipeline, weights, false);
  }

  private <T> T with(Corpus training, Corpus validation, Start start, Function<Task, T> work) {
    ClassifierText text =
        ClassifierText.of(
            training, validation, start.pipeline(), start.labels(), softLabels, numbers);
    run.progress()
        .line(
            String.format(
                Locale.ROOT,
                "%,d reviews to learn, %,d with soft labels, %,d held out, labels %s",
                text.learned(),
                text.taught(),
                text.held().size(),
                start.labels()));
    text.held().remarks(validation, start.labels()).forEach(run.progress()::line);

    try (ClassifierGraph graph =
        new ClassifierGraph(
            numbers, start.weights(), Vocabulary.PADDING_ID, run.towers(), run.device())) {
      Map<Integer, Long> stepsBefore = new HashMap<>();
      for (int depth : unfreezing.depths()) {
        stepsBefore.put(depth, text.stepsBefore(time -> unfreezing.depth(time) < depth, epochs()));
      }
      Task task = new Task(graph, text, stepsBefore, start);
      return work.apply(task);
    }
  }

  private double epochs() {
    return numbers.frozen() + Cycles.of(numbers).epochs();
  }

  private Outcome learn(Task task) {
    double epochs = epochs();
    Checkpoints checkpoints = new Checkpoints(run);
    RunPosition position =
        checkpoints.resume(
            RunPosition.fresh(
                task.text().fingerprint(),
                task.start().pipeline().vocabulary(),
                task.start().weights(),
                numbers,
                run.towers()),
            epochs,
            task.graph().session()::restore);
    if (position.step() == 0 && !task.start().standardised()) {
      standardise(task);
    }
    if (position.step() == 0 && task.start().standardised()) {
      position = position.startingAt(judgeStart(task));
    }
    Best best = bestSoFar(position);
    Progress progress = run.progress();
    long step = position.step();
    int stepInEpoch = position.stepInEpoch();
    RunLog log = new RunLog(run, "Classifier", numbers, task.text().corpus());
    progress.start(position.smoothedLoss());
    for (int epoch = position.epoch(); epoch < epochs; epoch++, stepInEpoch = 0) {
      List<List<ReviewBatches.Encoded>> batches = task.text().training().epoch(epoch);
      log.startEpoch();
      while (stepInEpoch < batches.size()) {
        double time = ClassifierText.time(epoch, stepInEpoch, batches.size());
        if (time >= epochs) {
          break;
        }
        List<ReviewBatches.Encoded> batch = batches.get(stepInEpoch++);
        double loss = step(task, batch, time, ++step);
        if (!Double.isFinite(loss)) {
          throw checkpoints.diverged(step, loss);
        }
        log.step(step, loss, learningRate(time), tokens(batch));
        progress.step("classifier epoch " + (epoch + 1), time / epochs, loss, tokens(batch));
        if (checkpoints.stopAfter(
            position.at(step, epoch, stepInEpoch, progress.smoothedLoss()),
            task.graph().session()::save)) {
          return new Outcome(false, step, progress.smoothedLoss(), best.accuracy());
        }
      }
      double seconds = log.seconds();
      checkpoints.beforeValidation(
          position.at(step, epoch, stepInEpoch, progress.smoothedLoss()),
          task.graph().session()::save);
      Judgement judged = task.text().held().judge(task.graph());
      Evaluation evaluation = judged.evaluation();
      if (!Double.isFinite(evaluation.logLoss())) {
        throw checkpoints.diverged(step + 1, evaluation.logLoss());
      }
      progress.line(summary(epoch + 1, judged));
      // Before the checkpoint: a kill between the two has the epoch's end done, and written, again.
      log.endEpoch(
          new RunLog.Epoch(
              epoch + 1,
              step,
              learningRate((epoch + Math.min(epoch + 1, epochs)) / 2),
              evaluation.logLoss(),
              null,
              evaluation.accuracy()),
          seconds,
          judged.reviews(task.start().labels()));
      if (best.isBeatenBy(evaluation)) {
        best = Best.of(evaluation);
        keep(task, judged);
      }
      checkpoints.write(
          position.at(step, epoch + 1, 0, progress.smoothedLoss()), task.graph().session()::save);
    }
    checkpoints.finish();
    if (epochs == 0) {
      Judgement judged = task.text().held().judge(task.graph());
      progress.line("nothing to learn: " + figures(judged));
      best = Best.of(judged.evaluation());
      keep(task, judged);
    }
    progress.line(
        String.format(
            Locale.ROOT, "classifier of %.2f %% in %s", 100 * best.accuracy(), run.out()));
    if (position.startAccuracy() != null && position.startAccuracy() > best.accuracy()) {
      progress.line(
          String.format(
              Locale.ROOT,
              "What it started from judges more of these reviews right, %.2f %%: keep that, or try"
                  + " more labels, another lr or fewer epochs.",
              100 * position.startAccuracy()));
    }
    return new Outcome(true, step, progress.smoothedLoss(), best.accuracy());
  }

  /** How many of the held-out reviews the start judges right; of the rest nothing is kept. */
  private double judgeStart(Task task) {
    Judgement judged = task.text().held().judge(task.graph());
    run.progress().line("start: " + figures(judged));
    return judged.evaluation().accuracy();
  }

  private static void standardise(Task task) {
    List<List<ReviewBatches.Encoded>> some = task.text().training().epoch(0);
    task.graph().standardise(some.subList(0, Math.min(STANDARDISED_BATCHES, some.size())));
  }

  private double step(Task task, List<ReviewBatches.Encoded> batch, double time, long step) {
    int depth = unfreezing.depth(time);
    long ofThisDepth = step - task.stepsBefore().get(depth);
    return task.graph().train(batch, depth, learningRate(time), ofThisDepth, step);
  }

  private double learningRate(double time) {
    return time < numbers.frozen()
        ? numbers.frozenLr() * Cycles.fall(numbers.frozen()).rate(time)
        : numbers.lr() * Cycles.of(numbers).rate(time - numbers.frozen());
  }

  /** What a classifier must beat to be kept; few held-out reviews are often equally accurate. */
  private record Best(double accuracy, double logLoss) {
    static Best of(Evaluation evaluation) {
      return new Best(evaluation.accuracy(), evaluation.logLoss());
    }

    boolean isBeatenBy(Evaluation other) {
      return other.accuracy() > accuracy
          || (other.accuracy() == accuracy && other.logLoss() < logLoss);
    }
  }

  private Best bestSoFar(RunPosition position) {
    new StagedFiles(run.out()).finishBeforeReading();
    // Before the first epoch's end this run has kept nothing: what lies there is of another one.
    if (position.epoch() == 0 || !Files.exists(run.out().resolve("classifier.json"))) {
      return new Best(-1, Double.POSITIVE_INFINITY);
    }
    Map<String, Double> validation = Classifier.read(run.out()).facts().validation();
    return new Best(validation.get("accuracy"), validation.get("log_loss"));
  }

  private String summary(int epoch, Judgement judged) {
    return String.format(
        Locale.ROOT,
        "epoch %d: training loss %.4f, %s, %,.0f tokens/s",
        epoch,
        run.progress().smoothedLoss(),
        figures(judged),
        run.progress().tokensPerSecond());
  }

  private static String figures(Judgement judged) {
    return String.format(
        Locale.ROOT,
        "validation accuracy %.2f %%, log loss %.4f, temperature %.2f",
        100 * judged.evaluation().accuracy(),
        judged.evaluation().logLoss(),
        judged.temperature());
  }

  private void keep(Task task, Judgement judged) {
    Classifier.Facts facts =
        new Classifier.Facts(
            numbers.toJson(),
            task.start().labels(),
            task.text().corpus(),
            judged.temperature(),
            judged.evaluation().figures());
    new Classifier(facts, task.start().pipeline(), task.graph().parameters())
        .write(run.out(), judged.lines(task.start().labels()));
  }

  private static long tokens(List<ReviewBatches.Encoded> batch) {
    return batch.stream().mapToLong(review -> review.ids().length).sum();
  }
}
