package dev.valence.training;

import java.util.List;

/**
 * What a classifier makes of the held-out reviews.
 *
 * @param temperature under which its log loss is least
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
    Evaluation evaluation) {}
