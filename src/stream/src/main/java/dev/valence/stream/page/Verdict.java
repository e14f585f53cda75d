package dev.valence.stream.page;

import dev.valence.model.Contribution;
import dev.valence.schema.ReviewSentiment;
import java.util.List;

/**
 * A score and what moved it, both of the same model.
 *
 * @param contributions one a token that was scored
 */
public record Verdict(ReviewSentiment sentiment, List<Contribution> contributions) {

  /** Judges a review on behalf of somebody who looks at the page; safe for several threads. */
  @FunctionalInterface
  public interface Judge {

    /**
     * @param text the review
     * @throws NotReadyException if no model is loaded
     */
    Verdict judge(String text) throws NotReadyException;
  }

  /** There is no model to ask, yet or any more. */
  public static final class NotReadyException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Says so. */
    public NotReadyException() {
      super("no model is loaded at the moment");
    }
  }
}
