package dev.valence.model;

/**
 * A review with what the model made of it when it was exported.
 *
 * @param text the raw review, with at least one token
 * @param ids what the text pipeline made of it
 * @param probabilities what the graph made of the ids, one a label
 */
record GoldenReview(String text, int[] ids, float[] probabilities) {}
