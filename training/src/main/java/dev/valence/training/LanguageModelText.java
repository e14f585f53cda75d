package dev.valence.training;

import dev.valence.text.TextRules;
import dev.valence.text.Vocabulary;
import java.util.List;

/**
 * A corpus made ready for the language model.
 *
 * @param vocabulary of its words
 * @param batches its text in columns
 * @param sampler draws the softmax's candidates by its counts
 * @param tokens number of its tokens, begin tokens included
 */
record LanguageModelText(
    Vocabulary vocabulary, LanguageModelBatches batches, CandidateSampler sampler, long tokens) {

  /**
   * Tokenises, counts and cuts.
   *
   * @throws TrainingException if the corpus is smaller than a batch
   */
  static LanguageModelText of(Corpus corpus, TextRules rules, Hyperparameters numbers) {
    TokenisedCorpus tokenised = TokenisedCorpus.of(corpus, rules);
    Vocabulary vocabulary =
        Vocabulary.build(tokenised.counts(), numbers.minFreq(), numbers.maxVocab());
    List<int[]> ids = tokenised.ids(vocabulary);
    return new LanguageModelText(
        vocabulary,
        new LanguageModelBatches(ids, numbers.bs(), numbers.bptt(), numbers.seed()),
        new CandidateSampler(counts(ids, vocabulary.size()), numbers.candidates()),
        ids.stream().mapToLong(review -> review.length).sum());
  }

  private static long[] counts(List<int[]> reviews, int vocabulary) {
    long[] counts = new long[vocabulary];
    for (int[] review : reviews) {
      for (int id : review) {
        counts[id]++;
      }
    }
    return counts;
  }
}
