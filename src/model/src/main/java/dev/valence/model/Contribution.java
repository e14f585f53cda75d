package dev.valence.model;

/**
 * How much a token moved the score of its review.
 *
 * @param token as the model reads it
 * @param start where it begins in the review's text, in UTF-16 units; -1 if it does not occur there
 *     as such
 * @param end where it ends, exclusive; -1 like {@code start}
 * @param logOdds by how much the log-odds of the most probable label fall when the token is taken
 *     away; negative if it speaks against that label
 */
public record Contribution(String token, int start, int end, float logOdds) {}
