package dev.valence.training;

import dev.valence.text.TextRules;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a quickly learned teacher learns, is calibrated by and has to judge, as tokens: the reviews
 * to learn come first in {@code texts}, then those held out, then those to judge that are not among
 * these, then any others.
 *
 * @param labels in the order of the teacher's outputs
 * @param texts numbers of each review's tokens
 * @param learned index of the label of each review to learn
 * @param held index of the label of each held-out review
 * @param ids of the reviews that are held out or to judge, in the order of their texts
 * @param wanted ids of those to judge
 */
record Lesson(
    List<String> labels,
    List<int[]> texts,
    int[] learned,
    int[] held,
    List<String> ids,
    Set<String> wanted) {

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
    Corpus notLearned = held.and(reviews.without(held));
    Corpus all = learned.and(notLearned).and(others);
    return new Lesson(
        labels,
        TokenisedCorpus.of(all, TextRules.seed()).documents(),
        truth(learned, labels),
        truth(held, labels),
        notLearned.documents().stream().map(Document::id).toList(),
        reviews.ids());
  }

  /**
   * Calibrates what a teacher made of the reviews it did not learn.
   *
   * @param logits {@code [reviews held out or to judge][labels]}, in the order of the texts
   */
  Judged judged(float[][] logits) {
    float[][] ofHeld = Arrays.copyOf(logits, held.length);
    double temperature = Calibration.temperature(ofHeld, held);
    float[][] probabilities = Calibration.probabilities(logits, temperature);
    Map<String, float[]> byId = new LinkedHashMap<>();
    for (int i = 0; i < logits.length; i++) {
      if (wanted.contains(ids.get(i))) {
        byId.put(ids.get(i), probabilities[i]);
      }
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
