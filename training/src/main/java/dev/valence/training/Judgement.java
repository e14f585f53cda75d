package dev.valence.training;

import dev.valence.training.report.JudgedReview;
import dev.valence.training.report.JudgedReviews;
import java.util.ArrayList;
import java.util.List;

/**
 * What a classifier makes of the held-out reviews.
 *
 * @param temperature the likeliest, given these reviews and a prior around 1
 * @param probabilities after calibration {@code [review][label]}
 * @param truth index of each review's label {@code [review]}
 * @param documents the reviews in this order
 * @param evaluation of the probabilities
 */
record Judgement(
    double temperature,
    float[][] probabilities,
    int[] truth,
    List<Document> documents,
    Evaluation evaluation) {

  /** The same review by review, for a report. */
  JudgedReviews reviews(List<String> labels) {
    List<JudgedReview> reviews = new ArrayList<>(truth.length);
    for (int i = 0; i < truth.length; i++) {
      int given = Evaluation.mostProbable(probabilities[i]);
      reviews.add(
          new JudgedReview(
              documents.get(i).id(),
              documents.get(i).text(),
              truth[i],
              given,
              probabilities[i][given],
              probabilities[i][truth[i]]));
    }
    return new JudgedReviews(labels, reviews);
  }

  /** The same without the texts, to be kept. */
  ValidationJudgements lines(List<String> labels) {
    List<ValidationJudgements.Line> lines = new ArrayList<>(truth.length);
    for (int i = 0; i < truth.length; i++) {
      int given = Evaluation.mostProbable(probabilities[i]);
      lines.add(
          new ValidationJudgements.Line(
              documents.get(i).id(),
              labels.get(truth[i]),
              labels.get(given),
              probabilities[i][given]));
    }
    return new ValidationJudgements(lines);
  }
}
