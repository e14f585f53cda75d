package dev.valence.training;

import dev.valence.text.TextPipeline;
import dev.valence.text.Truncation;
import dev.valence.text.Vocabulary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Fine-tunes a language model to judge reviews (Howard and Ruder, 2018, section 3.3): the head
 * alone first, then all layers. The weights that judged the validation reviews best are kept.
 */
public final class ClassifierTrainer {
  private static final int TOKENS_PER_REVIEW = 400;
  private static final int STANDARDISED_BATCHES = 20;

  private final Hyperparameters numbers;
  private final int towers;
  private final Duration checkpointEvery;
  private final Progress progress;
  private final BooleanSupplier stop;

  /**
   * @param towers branches of the graph, best one a core
   * @param checkpointEvery time between two checkpoints
   * @param stop asked after each step; true ends the run with a checkpoint
   */
  public ClassifierTrainer(
      Hyperparameters numbers,
      int towers,
      Duration checkpointEvery,
      Progress progress,
      BooleanSupplier stop) {
    this.numbers = numbers;
    this.towers = towers;
    this.checkpointEvery = checkpointEvery;
    this.progress = progress;
    this.stop = stop;
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

  /** All that does not change in the course of a run. */
  private record Task(
      ClassifierGraph graph,
      ReviewBatches training,
      List<List<ReviewBatches.Encoded>> validation,
      TextPipeline pipeline,
      List<String> labels,
      String corpus,
      Path out) {}

  /**
   * Trains from a language model, or from the folder's newest checkpoint.
   *
   * @param training reviews to learn; those without a label are passed over
   * @param validation reviews to choose by
   * @param languageModel gives encoder and vocabulary
   * @param out folder of the run
   * @throws TrainingException if the labels do not make a task, the folder holds a run of other
   *     numbers, or the loss is no number
   */
  public Outcome train(Corpus training, Corpus validation, LanguageModel languageModel, Path out) {
    Corpus judged = training.labelled();
    List<String> labels = judged.labels();
    TextPipeline pipeline =
        new TextPipeline(
            languageModel.pipeline().rules(),
            languageModel.pipeline().vocabulary(),
            new Truncation(Truncation.DEFAULT.maxCharacters(), numbers.maxTokens()));
    List<ReviewBatches.Encoded> learned = encode(judged, pipeline, labels);
    List<ReviewBatches.Encoded> held = encode(validation.labelled(), pipeline, labels);
    if (held.isEmpty()) {
      throw new TrainingException(
          "no labelled review is held out for validation. Add reviews, or raise --validation.");
    }
    progress.line(
        String.format(
            Locale.ROOT,
            "%,d reviews to learn, %,d held out, labels %s",
            learned.size(),
            held.size(),
            labels));

    int vocabulary = pipeline.vocabulary().size();
    Parameters initial =
        Classifier.fresh(numbers, vocabulary, labels.size())
            .with(languageModel.parameters().encoder());
    try (ClassifierGraph graph =
        new ClassifierGraph(numbers, initial, Vocabulary.PADDING_ID, towers)) {
      Task task =
          new Task(
              graph,
              batches(learned),
              batches(held).inOrderOfLength(),
              pipeline,
              labels,
              judged.digest(),
              out);
      return run(task);
    }
  }

  private ReviewBatches batches(List<ReviewBatches.Encoded> reviews) {
    return new ReviewBatches(
        reviews, numbers.bs(), numbers.bs() * TOKENS_PER_REVIEW, numbers.seed());
  }

  private static List<ReviewBatches.Encoded> encode(
      Corpus corpus, TextPipeline pipeline, List<String> labels) {
    return corpus.documents().parallelStream()
        .filter(document -> labels.contains(document.label()))
        .map(
            document ->
                new ReviewBatches.Encoded(
                    pipeline.encode(document.text()).ids(), labels.indexOf(document.label())))
        .toList();
  }

  private Outcome run(Task task) {
    Checkpoints checkpoints = new Checkpoints(task.out());
    Checkpoints.Position start =
        new Checkpoints.Position(task.corpus(), numbers.toJson(), towers, 0, 0, 0);
    Optional<Path> newest = checkpoints.newest();
    if (newest.isPresent()) {
      start = checkpoints.position(newest.get(), start);
      task.graph().restore(newest.get().resolve("variables"));
      progress.line("resuming from " + newest.get());
    } else {
      List<List<ReviewBatches.Encoded>> some = task.training().epoch(0);
      task.graph().standardise(some.subList(0, Math.min(STANDARDISED_BATCHES, some.size())));
    }
    double best = bestSoFar(task.out(), newest.isPresent());
    CosineCycles cycles = CosineCycles.of(numbers);
    double epochs = numbers.frozen() + cycles.epochs();
    long frozenSteps = stepsBefore(numbers.frozen(), task.training());
    long step = start.step();
    int stepInEpoch = start.stepInEpoch();
    long saved = System.nanoTime();
    progress.start();
    for (int epoch = start.epoch(); epoch < epochs; epoch++, stepInEpoch = 0) {
      List<List<ReviewBatches.Encoded>> batches = task.training().epoch(epoch);
      while (stepInEpoch < batches.size()) {
        double time = epoch + (double) stepInEpoch / batches.size();
        if (time >= epochs) {
          break;
        }
        List<ReviewBatches.Encoded> batch = batches.get(stepInEpoch++);
        double loss = learn(task.graph(), batch, time, ++step, frozenSteps);
        progress.step("classifier epoch " + (epoch + 1), time / epochs, loss, tokens(batch));
        boolean stopped = stop.getAsBoolean();
        if (stopped || System.nanoTime() - saved > checkpointEvery.toNanos()) {
          checkpoints.write(position(start, step, epoch, stepInEpoch), task.graph()::save);
          saved = System.nanoTime();
        }
        if (stopped) {
          return new Outcome(false, step, progress.smoothedLoss(), best);
        }
      }
      best = keepBest(task, epoch + 1, best);
      checkpoints.write(position(start, step, epoch + 1, 0), task.graph()::save);
    }
    progress.line(
        String.format(Locale.ROOT, "classifier of %.2f %% in %s", 100 * best, task.out()));
    return new Outcome(true, step, progress.smoothedLoss(), best);
  }

  private double learn(
      ClassifierGraph graph,
      List<ReviewBatches.Encoded> batch,
      double time,
      long step,
      long frozenSteps) {
    boolean frozen = time < numbers.frozen();
    double rate =
        frozen
            ? numbers.frozenLr() * new CosineCycles(1, numbers.frozen(), 1, 0).rate(time)
            : numbers.lr() * CosineCycles.of(numbers).rate(time - numbers.frozen());
    double loss = graph.train(batch, frozen, rate, frozen ? step : step - frozenSteps, step);
    if (!Double.isFinite(loss)) {
      throw new TrainingException(
          "the loss is no number at step "
              + step
              + ": "
              + loss
              + ". Lower lr or clip; the last checkpoint is good.");
    }
    return loss;
  }

  /** Number of steps whose time is before {@code epochs}. */
  private static long stepsBefore(double epochs, ReviewBatches batches) {
    long steps = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
      int size = batches.epoch(epoch).size();
      steps += Math.min(size, (long) Math.ceil((epochs - epoch) * size));
    }
    return steps;
  }

  private double bestSoFar(Path out, boolean resumed) {
    return resumed && Files.exists(out.resolve("classifier.json"))
        ? Classifier.read(out).facts().validation().get("accuracy")
        : -1;
  }

  private double keepBest(Task task, int epoch, double best) {
    int reviews = task.validation().stream().mapToInt(List::size).sum();
    float[][] logits = new float[reviews][];
    int[] truth = new int[reviews];
    int row = 0;
    for (List<ReviewBatches.Encoded> batch : task.validation()) {
      float[][] some = task.graph().logits(batch);
      for (int i = 0; i < some.length; i++, row++) {
        logits[row] = some[i];
        truth[row] = batch.get(i).label();
      }
    }
    double temperature = Calibration.temperature(logits, truth);
    Evaluation evaluation = Evaluation.of(Calibration.probabilities(logits, temperature), truth);
    progress.line(
        String.format(
            Locale.ROOT,
            "epoch %d: training loss %.4f, validation accuracy %.2f %%, log loss %.4f, temperature %.2f, %,.0f tokens/s",
            epoch,
            progress.smoothedLoss(),
            100 * evaluation.accuracy(),
            evaluation.logLoss(),
            temperature,
            progress.tokensPerSecond()));
    if (evaluation.accuracy() <= best) {
      return best;
    }
    Classifier.Facts facts =
        new Classifier.Facts(
            numbers.toJson(), task.labels(), task.corpus(), temperature, evaluation.figures());
    new Classifier(facts, task.pipeline(), task.graph().parameters()).write(task.out());
    return evaluation.accuracy();
  }

  private static long tokens(List<ReviewBatches.Encoded> batch) {
    return batch.stream().mapToLong(review -> review.ids().length).sum();
  }

  private static Checkpoints.Position position(
      Checkpoints.Position run, long step, int epoch, int stepInEpoch) {
    return new Checkpoints.Position(
        run.corpus(), run.hyperparameters(), run.towers(), step, epoch, stepInEpoch);
  }
}
