package dev.valence.model;

import dev.valence.text.TextPipeline;
import dev.valence.text.TokenSpans;
import dev.valence.text.TokenSpans.Span;
import dev.valence.text.Truncation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Says which words of a review moved its score, by occlusion: a token's contribution is what the
 * most probable label loses when the token is taken away. So it works with every model that can
 * score, and costs as much as scoring as many variants of the review. Safe for several threads.
 */
public final class Explainer {

  /** One full batch: each word of a review of 128, the words that matter most of a longer one. */
  public static final int DEFAULT_MAX_TOKENS = BatchPlanner.DEFAULT_MAX_PADDED_TOKENS;

  private final TextPipeline pipeline;
  private final Occlusion occlusion;

  private Explainer(SentimentModel model, BatchPlanner planner, IntUnaryOperator runs) {
    this.pipeline = model.textPipeline();
    this.occlusion = new Occlusion(model::probabilities, planner, runs);
  }

  /**
   * An explainer whose work for a review has an upper limit.
   *
   * @param model scores the variants; stays the caller's to close
   * @param planner decides which variants share a batch
   * @param maxTokens how many tokens the variants of a review may have together, positive; but for
   *     8 variants, which every review gets
   */
  public static Explainer withinTokens(SentimentModel model, BatchPlanner planner, int maxTokens) {
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens must be positive: " + maxTokens);
    }
    return new Explainer(model, planner, tokens -> maxTokens / tokens);
  }

  /**
   * An explainer whose work is in proportion to scoring: an explanation costs at most as much as
   * scoring the review so many times and once more.
   *
   * @param model scores the variants; stays the caller's to close
   * @param planner decides which variants share a batch
   * @param runs variants of a review, at least 8
   */
  public static Explainer withRuns(SentimentModel model, BatchPlanner planner, int runs) {
    if (runs < Occlusion.LEAST_RUNS) {
      throw new IllegalArgumentException(
          "runs must be at least " + Occlusion.LEAST_RUNS + ": " + runs);
    }
    return new Explainer(model, planner, tokens -> runs);
  }

  /**
   * Explains the score of a review.
   *
   * @param text the review as its author wrote it
   * @return one contribution a token that is scored, in their order; none if there are no words
   * @throws IllegalStateException if the model gives a probability that is not a number, or is
   *     closed
   */
  public List<Contribution> explain(String text) {
    int[] ids = pipeline.encode(text).ids();
    if (ids.length == 1) {
      return List.of();
    }
    float[] logOdds = occlusion.logOdds(ids);
    Truncation truncation = pipeline.truncation();
    String kept = truncation.cut(text);
    List<String> all = pipeline.rules().tokens(kept);
    List<Span> spans = truncation.cut(TokenSpans.find(kept, all));
    List<String> tokens = truncation.cut(all);
    List<Contribution> contributions = new ArrayList<>(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      Span span = spans.get(i);
      contributions.add(
          new Contribution(
              tokens.get(i),
              truncation.uncut(text, span.start()),
              truncation.uncut(text, span.end()),
              logOdds[i]));
    }
    return contributions;
  }
}
