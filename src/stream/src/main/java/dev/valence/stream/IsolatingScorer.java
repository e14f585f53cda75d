package dev.valence.stream;

import dev.valence.model.Score;
import dev.valence.text.EncodedReview;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Scores a batch so that a review which breaks the model does not take its neighbours with it.
 *
 * <p>When a batch fails, a probe that any sound model can score tells the model's fault from a
 * review's. If the probe fails as well, the model is broken and everything stops. If it does not,
 * the batch is halved until each culprit stands alone: one culprit among n reviews costs about two
 * more batches, where one by one would cost n runs at a fraction of the speed.
 */
final class IsolatingScorer {

  /**
   * What became of one review: a score, or why there is none.
   *
   * @param score null if the review broke the model
   * @param failure null if there is a score
   */
  record Result(Score score, RuntimeException failure) {}

  private final Function<List<EncodedReview>, List<Score>> scorer;
  private final EncodedReview probe;

  /**
   * @param scorer one score a review, in the same order; throws where it cannot
   * @param probe a review that any sound model can score
   */
  IsolatingScorer(Function<List<EncodedReview>, List<Score>> scorer, EncodedReview probe) {
    this.scorer = scorer;
    this.probe = probe;
  }

  /**
   * Scores reviews.
   *
   * @return one result a review, in the same order
   * @throws BrokenModelException if the model cannot even score the probe
   */
  List<Result> score(List<EncodedReview> reviews) {
    try {
      return scored(reviews);
    } catch (RuntimeException e) {
      requireSoundModel(e);
      List<Result> results = new ArrayList<>(reviews.size());
      isolate(reviews, e, results);
      return results;
    }
  }

  private void isolate(
      List<EncodedReview> reviews, RuntimeException failure, List<Result> results) {
    if (reviews.size() == 1) {
      results.add(new Result(null, failure));
      return;
    }
    int half = reviews.size() / 2;
    for (List<EncodedReview> part :
        List.of(reviews.subList(0, half), reviews.subList(half, reviews.size()))) {
      try {
        results.addAll(scored(part));
      } catch (RuntimeException e) {
        isolate(part, e, results);
      }
    }
  }

  private List<Result> scored(List<EncodedReview> reviews) {
    return scorer.apply(reviews).stream().map(score -> new Result(score, null)).toList();
  }

  private void requireSoundModel(RuntimeException failure) {
    try {
      scorer.apply(List.of(probe));
    } catch (RuntimeException e) {
      e.addSuppressed(failure);
      throw new BrokenModelException(e);
    }
  }
}
