package dev.valence.training;

import dev.valence.text.TextRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Lets a linear model judge reviews, which it learns in a minute from the judged ones: it errs
 * elsewhere than a recurrent network does, so that the mean of both knows more than either.
 */
public final class LinearTeacher {
  private final Progress progress;

  public LinearTeacher(Progress progress) {
    this.progress = progress;
  }

  /**
   * What the model made of reviews.
   *
   * @param softLabels of the reviews that were to be judged
   * @param heldOut how it judged the held-out reviews that it was calibrated by
   */
  public record Judged(SoftLabels softLabels, Evaluation heldOut) {}

  /**
   * Learns, calibrates and judges.
   *
   * @param training reviews to learn; those without a label are passed over
   * @param validation reviews to calibrate by; those without a label to learn are passed over
   * @param reviews to judge, labelled or not
   * @throws TrainingException if the labels do not make a task, no labelled review is held out, or
   *     there is no review to judge
   */
  public Judged judge(Corpus training, Corpus validation, Corpus reviews) {
    reviews.requireReviewsToJudge();
    Corpus learned = training.labelled();
    List<String> labels = learned.labels();
    Corpus held = validation.labelled(labels);
    List<int[]> texts =
        TokenisedCorpus.of(
                new Corpus(
                    Stream.of(learned, held, reviews)
                        .flatMap(corpus -> corpus.documents().stream())
                        .toList()),
                TextRules.seed())
            .documents();
    int heldFrom = learned.documents().size();
    int heldTo = heldFrom + held.documents().size();

    LinearModel model =
        LinearModel.of(texts.subList(0, heldFrom), truth(learned, labels), labels.size());
    progress.line(
        String.format(
            Locale.ROOT, "%,d n-grams of %,d labelled reviews", model.ngrams().size(), heldFrom));

    float[][] logits = logits(model, texts.subList(heldFrom, heldTo));
    double temperature = Calibration.temperature(logits, truth(held, labels));
    Evaluation heldOut =
        Evaluation.of(Calibration.probabilities(logits, temperature), truth(held, labels));

    float[][] probabilities =
        Calibration.probabilities(logits(model, texts.subList(heldTo, texts.size())), temperature);
    Map<String, float[]> byId = new LinkedHashMap<>();
    for (int i = 0; i < probabilities.length; i++) {
      byId.put(reviews.documents().get(i).id(), probabilities[i]);
    }
    return new Judged(new SoftLabels(labels, byId), heldOut);
  }

  private static float[][] logits(LinearModel model, List<int[]> reviews) {
    return reviews.parallelStream().map(model::logits).toArray(float[][]::new);
  }

  private static int[] truth(Corpus corpus, List<String> labels) {
    return corpus.documents().stream()
        .mapToInt(document -> labels.indexOf(document.label()))
        .toArray();
  }
}
