package dev.valence.training;

import java.util.Objects;

/**
 * One review of a corpus.
 *
 * @param id names the review within its corpus
 * @param text the review as its author wrote it
 * @param label what the review was judged to be, or null where nobody judged it
 * @param group what the review is about (a film, a product), so that a split can keep a group on
 *     one side; where the corpus does not say, the id, or the text of a review without one
 */
public record Document(String id, String text, String label, String group) {
  public Document {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(group, "group");
  }

  /** The same review without what it was judged to be. */
  Document unlabelled() {
    return new Document(id, text, null, group);
  }

  /** Whether somebody judged this review. */
  public boolean labelled() {
    return label != null;
  }
}
