package dev.valence.model;

import dev.valence.text.TextPipeline;
import dev.valence.text.TokenSpans;
import dev.valence.text.TokenSpans.Span;
import java.util.ArrayList;
import java.util.List;

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

  /**
   * @param model scores the variants; stays the caller's to close
   * @param planner decides which variants share a batch
   * @param maxTokens how many tokens the variants of a review may have together, positive
   */
  public Explainer(SentimentModel model, BatchPlanner planner, int maxTokens) {
    this.pipeline = model.textPipeline();
    this.occlusion = new Occlusion(model::probabilities, planner, maxTokens);
  }

  /**
   * Explains the score of a review.
   *
   * @param text the review as its author wrote it
   * @return one contribution a token that is scored, in their order; none if there are no words
   */
  public List<Contribution> explain(String text) {
    int[] ids = pipeline.encode(text).ids();
    if (ids.length == 1) {
      return List.of();
    }
    float[] logOdds = occlusion.logOdds(ids);
    List<String> all = pipeline.rules().tokens(pipeline.truncation().cut(text));
    List<Span> spans = pipeline.truncation().cut(TokenSpans.find(text, all));
    List<String> tokens = pipeline.truncation().cut(all);
    List<Contribution> contributions = new ArrayList<>(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      Span span = spans.get(i);
      contributions.add(new Contribution(tokens.get(i), span.start(), span.end(), logOdds[i]));
    }
    return contributions;
  }
}
