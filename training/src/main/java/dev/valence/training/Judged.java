package dev.valence.training;

/**
 * What a quickly learned teacher made of reviews.
 *
 * @param softLabels of the reviews that were to be judged
 * @param heldOut how it judged the held-out reviews that it was calibrated by
 */
public record Judged(SoftLabels softLabels, Evaluation heldOut) {}
