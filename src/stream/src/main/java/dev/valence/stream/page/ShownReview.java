package dev.valence.stream.page;

import dev.valence.model.Contribution;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.text.Truncation;
import java.util.List;
import java.util.Map;

/**
 * A scored review as the page shows it.
 *
 * @param number counts the reviews shown, from 1 on; 0 for one that was only tried
 * @param subject its beginning, if it is long; null for none
 * @param text its beginning, if it is long
 * @param cut whether the text goes on
 * @param scoredAt milliseconds since 1970
 * @param words what moved the score; empty while nobody has worked it out
 */
record ShownReview(
    long number,
    String subject,
    String text,
    boolean cut,
    String label,
    Map<String, Float> probabilities,
    String modelName,
    long modelVersion,
    int tokens,
    int unknownTokens,
    long scoredAt,
    List<Word> words) {

  /** Characters of a review that are shown. */
  private static final int SHOWN = 1_500;

  /** Characters of a subject that it is known by; the page keeps a thousand subjects. */
  private static final int LONGEST_SUBJECT = 1_000;

  /**
   * A word that moved the score.
   *
   * @param start in the text, UTF-16 units
   * @param end exclusive
   * @param weight positive if it speaks for the most probable label, in log-odds
   */
  record Word(int start, int end, float weight) {}

  /** The same, worked out later. */
  record Words(long number, List<Word> words) {}

  static ShownReview of(long number, Review review, ReviewSentiment sentiment) {
    String text = Truncation.beginning(review.getText(), SHOWN);
    return new ShownReview(
        number,
        subject(review),
        text,
        text.length() < review.getText().length(),
        sentiment.getLabel(),
        sentiment.getProbabilities(),
        sentiment.getModelName(),
        sentiment.getModelVersion(),
        sentiment.getTokens(),
        sentiment.getUnknownTokens(),
        sentiment.getScoredAt().toEpochMilli(),
        List.of());
  }

  /** What a review is about, as the page knows it. */
  static String subject(Review review) {
    String subject = review.getSubject();
    return subject == null ? null : Truncation.beginning(subject, LONGEST_SUBJECT);
  }

  ShownReview with(List<Contribution> contributions) {
    return new ShownReview(
        number,
        subject,
        text,
        cut,
        label,
        probabilities,
        modelName,
        modelVersion,
        tokens,
        unknownTokens,
        scoredAt,
        words(contributions));
  }

  private List<Word> words(List<Contribution> contributions) {
    return contributions.stream()
        .filter(word -> word.start() >= 0 && word.end() <= text.length())
        .map(word -> new Word(word.start(), word.end(), word.logOdds()))
        .toList();
  }
}
