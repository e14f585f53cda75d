package dev.valence.training;

import dev.valence.text.TextRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a quickly learned teacher learns, is calibrated by and has to judge, as tokens: the reviews
 * to learn come first in {@code texts}, then those held out, then those to judge, then any others.
 *
 * @param labels in the order of the teacher's outputs
 * @param texts numbers of each review's tokens
 * @param learned index of the label of each review to learn
 * @param held index of the label of each held-out review
 * @param ids of the reviews to judge
 */
record Lesson(List<String> labels, List<int[]> texts, int[] learned, int[] held, List<String> ids) {

  /**
   * @param training reviews to learn; those without a label are passed over
   * @param validation reviews to calibrate by; those without a label to learn are passed over
   * @param reviews to judge, labelled or not
   * @param others to read besides
   * @throws TrainingException if the labels do not make a task, no labelled review is held out, or
   *     there is no review to judge
   */
  static Lesson of(Corpus training, Corpus validation, Corpus reviews, Corpus others) {
    reviews.requireReviewsToJudge();
    Corpus learned = training.labelled();
    List<String> labels = learned.labels();
    Corpus held = validation.labelled(labels);
    Corpus all =
        new Corpus(
            Stream.of(learned, held, reviews, others)
                .flatMap(corpus -> corpus.documents().stream())
                .toList());
    return new Lesson(
        labels,
        TokenisedCorpus.of(all, TextRules.seed()).documents(),
        truth(learned, labels),
        truth(held, labels),
        reviews.documents().stream().map(Document::id).toList());
  }

  /**
   * Calibrates what a teacher made of the reviews it did not learn.
   *
   * @param logits {@code [held-out and judged reviews][labels]}, in the order of the texts
   */
  Judged judged(float[][] logits) {
    float[][] ofHeld = new float[held.length][];
    float[][] others = new float[ids.size()][];
    System.arraycopy(logits, 0, ofHeld, 0, held.length);
    System.arraycopy(logits, held.length, others, 0, others.length);
    double temperature = Calibration.temperature(ofHeld, held);
    float[][] probabilities = Calibration.probabilities(others, temperature);
    Map<String, float[]> byId = new LinkedHashMap<>();
    for (int i = 0; i < others.length; i++) {
      byId.put(ids.get(i), probabilities[i]);
    }
    return new Judged(
        new SoftLabels(labels, byId),
        Evaluation.of(Calibration.probabilities(ofHeld, temperature), held));
  }

  private static int[] truth(Corpus corpus, List<String> labels) {
    return corpus.documents().stream()
        .mapToInt(document -> labels.indexOf(document.label()))
        .toArray();
  }
}
