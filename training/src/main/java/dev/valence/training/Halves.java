package dev.valence.training;

import java.text.BreakIterator;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a review in two, at the end of the sentence that is nearest to its middle. Half a review is
 * another text to a student that knows the whole one by heart, and its teachers are less sure of
 * it.
 */
final class Halves {
  /** Of a half, some fifty words: less says too little. */
  private static final int LEAST_CHARACTERS = 250;

  private Halves() {}

  /**
   * @return both halves in order, unlabelled and of the review's group; none of a review that is
   *     short, or that no sentence ends in the midst of
   */
  static List<Document> of(Document document) {
    String text = document.text().strip();
    int end = text.length() < 2 * LEAST_CHARACTERS ? 0 : sentenceEnd(text);
    if (Math.min(end, text.length() - end) < LEAST_CHARACTERS) {
      return List.of();
    }
    return List.of(
        half(document, " (first half)", text.substring(0, end)),
        half(document, " (second half)", text.substring(end)));
  }

  /** The end nearest to the middle, perhaps that of the whole text. */
  private static int sentenceEnd(String text) {
    BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ENGLISH);
    sentences.setText(text);
    int middle = text.length() / 2;
    int after = sentences.following(middle);
    int before = sentences.preceding(middle);
    return middle - before < after - middle ? before : after;
  }

  private static Document half(Document document, String suffix, String text) {
    return new Document(document.id() + suffix, text.strip(), null, document.group());
  }
}
