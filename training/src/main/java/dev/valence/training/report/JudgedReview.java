package dev.valence.training.report;

/**
 * What a classifier made of one validation review.
 *
 * @param id names the review in its corpus
 * @param text as its author wrote it
 * @param right index of the label that people gave
 * @param given index of the label that the classifier gave
 * @param confidence the given label's probability, in [0, 1]
 * @param rightProbability the right label's probability, in [0, 1]
 */
public record JudgedReview(
    String id, String text, int right, int given, double confidence, double rightProbability) {}
