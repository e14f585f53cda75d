package dev.valence.stream;

import java.time.Duration;

/**
 * How much one thread may take in before it commits, so that its transaction never outlasts the
 * time-out after which the broker aborts it.
 *
 * <p>Between two looks at the clock, Kafka Streams hands a thread at most the records of one poll;
 * and whatever has been taken in must be scored before the commit. Half of the time-out, less what
 * a commit may be put off, is planned for that, one part for what waits already and one for the
 * records of a poll, each as long as a review can be. The other half is for everything that cannot
 * be planned.
 */
final class WorkBudget {

  private static final int PARTS = 2;

  private final TimeLimit limit;
  private final ScoringSpeed speed;
  private final int longestReview;
  private final int explainRuns;

  /**
   * @param limit what the work must fit into
   * @param speed of one thread, explanations included
   * @param longestReview positive; tokens of the longest review that the model is shown
   * @param explainRuns runs of the model that explain a score; 0 for no explanation
   */
  WorkBudget(TimeLimit limit, ScoringSpeed speed, int longestReview, int explainRuns) {
    this.limit = limit;
    this.speed = speed;
    this.longestReview = longestReview;
    this.explainRuns = explainRuns;
  }

  ScoringSpeed speed() {
    return speed;
  }

  /**
   * Makes sure that anything can be scored at all.
   *
   * @throws StreamStartException if not even one review of the greatest length fits
   */
  void requireRoom() throws StreamStartException {
    if (tokens() < longestReview) {
      double seconds = longestReview / speed.tokensPerSecond();
      long neededMillis =
          (long) Math.ceil(1_000 * seconds * PARTS * TimeLimit.MARGIN)
              + TimeLimit.MARGIN * limit.reserved().toMillis();
      throw new StreamStartException(
          "the model is too slow for %s=%d: a review of %d tokens takes %.1f s%s. Set it to %d or more%s."
              .formatted(
                  limit.key(),
                  limit.time().toMillis(),
                  longestReview,
                  seconds,
                  explainRuns > 0 ? " with " + explainRuns + " runs to explain its score" : "",
                  neededMillis,
                  explainRuns > 0 ? ", or lower " + ScoringKeys.EXPLAIN_RUNS_CONFIG : ""));
    }
  }

  /**
   * Tokens that a thread may hold at any time.
   *
   * @return positive; at most what fits into an int
   */
  int tokens() {
    double seconds = (double) limit.plannable().toMillis() / Duration.ofSeconds(PARTS).toMillis();
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, seconds * speed.tokensPerSecond()));
  }

  /**
   * Records that a poll may return.
   *
   * @param wanted positive; never more than this
   */
  int maxPollRecords(int wanted) {
    return Math.max(1, Math.min(wanted, tokens() / longestReview));
  }
}
