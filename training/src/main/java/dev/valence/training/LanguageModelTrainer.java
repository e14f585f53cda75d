package dev.valence.training;

import dev.valence.text.TextPipeline;
import dev.valence.text.TextRules;
import dev.valence.text.Truncation;
import dev.valence.training.report.RateCurve;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Trains a language model on all reviews of a corpus, and writes it into a folder: checkpoints on
 * the way, the weights in half precision and the text pipeline at the end of every epoch.
 */
public final class LanguageModelTrainer {
  private static final long VALIDATION_TOKENS = 200_000;

  /** Of all runs, so that they measure on the same text. */
  private static final long VALIDATION_SEED = 1;

  private static final int VALIDATION_BPTT = 20;

  private final Hyperparameters numbers;
  private final TrainingRun run;

  public LanguageModelTrainer(Hyperparameters numbers, TrainingRun run) {
    this.numbers = numbers;
    this.run = run;
  }

  /**
   * What came of a run.
   *
   * @param finished false if it was stopped before its end
   * @param steps updates made
   * @param trainingLoss mean cross entropy of the last steps in nats
   * @param perplexity on the validation text
   */
  public record Outcome(boolean finished, long steps, double trainingLoss, double perplexity) {}

  /**
   * Trains from the start, or from the folder's newest checkpoint.
   *
   * @param training text to learn
   * @param validation text to measure perplexity on
   * @throws TrainingException if the corpus is too small, the folder holds a run of other numbers,
   *     or the loss is no number
   */
  public Outcome train(Corpus training, Corpus validation) {
    TextRules rules = TextRules.seed();
    tellSize(training);
    LanguageModelText text = LanguageModelText.of(run.tokens(training, rules), numbers);
    tell(text);
    Parameters fresh = Parameters.languageModel(numbers, text.vocabulary().size());
    return train(training, validation, new Start(text, rules, Truncation.DEFAULT, fresh));
  }

  /**
   * Goes on from a language model on other text, or from the folder's newest checkpoint. It keeps
   * its words, and takes in those of the text that it does not know. Where these numbers have wider
   * layers it is widened first.
   *
   * @param training text to learn
   * @param validation text to measure perplexity on
   * @param known of as many layers as these numbers, none of them wider
   * @throws TrainingException if the corpus is too small, the folder holds a run of other numbers,
   *     the language model reads from the other end or has other layers, or the loss is no number
   */
  public Outcome train(Corpus training, Corpus validation, LanguageModel known) {
    numbers.requireReadingOrderOf(known.numbers());
    numbers.requireNoNarrowerThan(known.numbers());
    TextPipeline pipeline = known.pipeline();
    tellSize(training);
    LanguageModelText text =
        LanguageModelText.extending(
            pipeline.vocabulary(), run.tokens(training, pipeline.rules()), numbers);
    tell(text);
    Parameters weights = known.parameters().widened(numbers).withWords(text.vocabulary().size());
    return train(
        training, validation, new Start(text, pipeline.rules(), pipeline.truncation(), weights));
  }

  /** What a run begins with. */
  private record Start(
      LanguageModelText text, TextRules rules, Truncation truncation, Parameters weights) {}

  private Outcome train(Corpus training, Corpus validation, Start start) {
    LanguageModelText text = start.text();
    LanguageModelBatches.Epoch held =
        validationText(
                run.tokens(validation, start.rules())
                    .ids(text.vocabulary(), numbers.readingOrder()))
            .epoch(0);
    try (LanguageModelGraph graph = graph(text, start.weights())) {
      TextPipeline pipeline =
          new TextPipeline(start.rules(), text.vocabulary(), start.truncation());
      Outcome outcome =
          learn(
              graph,
              text,
              held,
              RunPosition.fresh(
                  training.digest(), text.vocabulary(), start.weights(), numbers, run.towers()),
              () -> new LanguageModel(numbers, pipeline, graph.parameters()).write(run.out()));
      if (outcome.finished()) {
        run.progress().line("language model in " + run.out());
      }
      return outcome;
    }
  }

  /**
   * Makes a range test from fresh weights. Nothing is kept.
   *
   * @param training text to learn
   * @throws TrainingException if the corpus is too small
   */
  public RateCurve findRate(Corpus training, RangeTest test) {
    tellSize(training);
    LanguageModelText text = LanguageModelText.of(run.tokens(training, TextRules.seed()), numbers);
    tell(text);
    run.progress().start();
    Parameters fresh = Parameters.languageModel(numbers, text.vocabulary().size());
    try (LanguageModelGraph graph = graph(text, fresh)) {
      for (int epoch = 0; !over(test); epoch++) {
        LanguageModelBatches.Epoch columns = text.batches().epoch(epoch);
        graph.forgetState();
        int start = 0;
        for (int i = 0; i < columns.steps() && !over(test); i++) {
          int length = columns.lengths()[i];
          double rate = test.rate() * length / numbers.bptt();
          test.add(graph.train(columns, start, length, text.sampler(), rate, test.step()).loss());
          start += length;
          run.progress().read("lr-find", test.position(), (long) length * numbers.bs());
        }
      }
    }
    return test.curve();
  }

  private boolean over(RangeTest test) {
    return test.over() || run.stop().getAsBoolean();
  }

  private void tellSize(Corpus training) {
    run.progress().line(String.format(Locale.ROOT, "%,d reviews", training.documents().size()));
  }

  private void tell(LanguageModelText text) {
    run.progress()
        .line(
            String.format(
                Locale.ROOT,
                "%,d tokens, vocabulary of %,d",
                text.tokens(),
                text.vocabulary().size()));
  }

  private LanguageModelGraph graph(LanguageModelText text, Parameters weights) {
    return new LanguageModelGraph(
        numbers, weights, text.vocabulary().size(), run.towers(), run.device());
  }

  private Outcome learn(
      LanguageModelGraph graph,
      LanguageModelText corpusText,
      LanguageModelBatches.Epoch held,
      RunPosition fresh,
      Runnable writeModel) {
    Cycles schedule = Cycles.of(numbers);
    Checkpoints checkpoints = new Checkpoints(run);
    RunPosition position = checkpoints.resume(fresh, schedule.epochs(), graph.session()::restore);
    Progress progress = run.progress();
    int epoch = position.epoch();
    int stepInEpoch = position.stepInEpoch();
    long step = position.step();
    double perplexity = Double.NaN;
    RunLog log = new RunLog(run, "Language model", numbers, fresh.corpus());
    progress.start(position.smoothedLoss());
    while (epoch < schedule.epochs()) {
      LanguageModelBatches.Epoch text = corpusText.batches().epoch(epoch);
      int start = text.start(stepInEpoch);
      log.startEpoch();
      if (stepInEpoch == 0) {
        graph.forgetState();
      }
      while (stepInEpoch < text.steps()) {
        double time = epoch + (double) stepInEpoch / text.steps();
        if (time >= schedule.epochs()) {
          break;
        }
        int length = text.lengths()[stepInEpoch];
        // A shorter stretch moves the weights less (Merity et al., section 5).
        double due = numbers.lr() * schedule.rate(time);
        double rate = due * length / numbers.bptt();
        LanguageModelGraph.Step done =
            graph.train(text, start, length, corpusText.sampler(), rate, ++step);
        if (!Double.isFinite(done.loss()) || !Double.isFinite(done.gradientNorm())) {
          throw checkpoints.diverged(step, done.loss() + done.gradientNorm());
        }
        start += length;
        stepInEpoch++;
        log.step(step, done.loss(), due, (long) length * numbers.bs());
        progress.step(
            "lm epoch " + (epoch + 1),
            time / schedule.epochs(),
            done.loss(),
            (long) length * numbers.bs());
        if (checkpoints.stopAfter(
            position.at(step, epoch, stepInEpoch, progress.smoothedLoss()),
            graph.session()::save)) {
          return new Outcome(false, step, progress.smoothedLoss(), perplexity);
        }
      }
      double seconds = log.seconds();
      checkpoints.beforeValidation(
          position.at(step, epoch, stepInEpoch, progress.smoothedLoss()), graph.session()::save);
      double loss = graph.evaluate(held);
      if (!Double.isFinite(loss)) {
        throw checkpoints.diverged(step + 1, loss);
      }
      perplexity = Math.exp(loss);
      double middle = (epoch + Math.min(epoch + 1, schedule.epochs())) / 2;
      epoch++;
      stepInEpoch = 0;
      progress.line(
          String.format(
              Locale.ROOT,
              "epoch %d: training loss %.4f, validation loss %.4f, perplexity %.2f, %,.0f tokens/s",
              epoch,
              progress.smoothedLoss(),
              loss,
              perplexity,
              progress.tokensPerSecond()));
      // Before the checkpoint: a kill between the two has the epoch's end done, and written, again.
      log.endEpoch(
          new RunLog.Epoch(
              epoch, step, numbers.lr() * schedule.rate(middle), loss, perplexity, null),
          seconds,
          null);
      writeModel.run();
      checkpoints.write(
          position.at(step, epoch, stepInEpoch, progress.smoothedLoss()), graph.session()::save);
    }
    checkpoints.finish();
    if (schedule.epochs() == 0) {
      perplexity = Math.exp(graph.evaluate(held));
      progress.line(String.format(Locale.ROOT, "nothing to learn: perplexity %.2f", perplexity));
      writeModel.run();
    }
    return new Outcome(true, step, progress.smoothedLoss(), perplexity);
  }

  private LanguageModelBatches validationText(List<int[]> reviews) {
    List<int[]> shuffled = new ArrayList<>(reviews);
    Collections.shuffle(shuffled, new Random(VALIDATION_SEED));
    long tokens = 0;
    int taken = 0;
    while (taken < shuffled.size() && tokens < VALIDATION_TOKENS) {
      tokens += shuffled.get(taken++).length;
    }
    if (tokens < 2L * numbers.bs() + 1) {
      throw new TrainingException(
          "too little text is held out for validation: "
              + tokens
              + " tokens for bs "
              + numbers.bs()
              + ". Add reviews, raise --validation, or lower bs.");
    }
    return new LanguageModelBatches(
        shuffled.subList(0, taken), numbers.bs(), VALIDATION_BPTT, VALIDATION_SEED);
  }
}
