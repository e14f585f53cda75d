package dev.valence.stream;

import dev.valence.model.Contribution;
import dev.valence.schema.WordWeight;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says with each score which words moved it most, if that is wanted. A score that cannot be
 * explained leaves without: an explanation never costs an answer. Safe for use by many threads.
 */
final class Explanations {

  private static final Logger LOG = LoggerFactory.getLogger(Explanations.class);

  private final int words;
  private final StreamMetrics metrics;

  /**
   * @param words how many to name; 0 for no explanations
   */
  Explanations(int words, StreamMetrics metrics) {
    this.words = words;
    this.metrics = metrics;
  }

  /** Whether scores are to be explained. */
  boolean areWanted() {
    return words > 0;
  }

  /**
   * Explains the score of a review.
   *
   * @param model that scored it
   * @param text as its author wrote it
   * @return the words that stand in the text, the strongest first; null if there is no explanation
   */
  List<WordWeight> explain(ServingModel model, String text) {
    long start = System.nanoTime();
    try {
      List<WordWeight> strongest =
          model.recordExplainer().apply(text).stream()
              .filter(word -> word.start() >= 0)
              .sorted(Comparator.comparingDouble(word -> -Math.abs(word.logOdds())))
              .limit(words)
              .map(word -> weight(text, word))
              .toList();
      metrics.explained(System.nanoTime() - start);
      return strongest;
    } catch (RuntimeException e) {
      LOG.debug("A score is not explained: {}", e.toString());
      metrics.notExplained();
      return null;
    }
  }

  private static WordWeight weight(String text, Contribution word) {
    return new WordWeight(
        text.substring(word.start(), word.end()), word.start(), word.end(), word.logOdds());
  }
}
