package dev.valence.training;

import dev.valence.text.TextRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a run is told apart from its numbers: none of this changes what is learned, but for the
 * towers, whose dropout masks differ.
 *
 * @param out folder of the run; one that holds a checkpoint is resumed
 * @param towers branches of the graph, at least 1, best one a core
 * @param checkpointEvery time between two checkpoints
 * @param progress shows how it stands
 * @param stop asked after each step; true ends the run with a checkpoint
 * @param device that it computes on
 * @param tokenCache where tokenised text is kept, if it is
 */
public record TrainingRun(
    Path out,
    int towers,
    Duration checkpointEvery,
    Progress progress,
    BooleanSupplier stop,
    Device device,
    Optional<TokenCache> tokenCache) {
  public TrainingRun {
    if (towers < 1) {
      throw new TrainingException("towers must be at least 1: " + towers + ". One a core is best.");
    }
  }

  /** A corpus's tokens. */
  TokenisedCorpus tokens(Corpus corpus, TextRules rules) {
    return tokenCache
        .map(cache -> cache.tokens(corpus, rules))
        .orElseGet(() -> TokenisedCorpus.of(corpus, rules));
  }
}
