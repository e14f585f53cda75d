package dev.valence.training;

import dev.valence.text.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
   * Counts and cuts.
   *
   * @throws TrainingException if the corpus is smaller than a batch
   */
  static LanguageModelText of(TokenisedCorpus tokenised, Hyperparameters numbers) {
    return of(
        tokenised,
        Vocabulary.build(tokenised.counts(), numbers.minFreq(), numbers.maxVocab()),
        numbers);
  }

  /**
   * The same for a vocabulary that is known already and takes in the corpus's other words, at its
   * end.
   *
   * @throws TrainingException if the corpus is smaller than a batch
   */
  static LanguageModelText extending(
      Vocabulary known, TokenisedCorpus tokenised, Hyperparameters numbers) {
    Map<String, Long> others = new HashMap<>(tokenised.counts());
    others.keySet().removeAll(known.tokens());
    int specials = Vocabulary.BEGIN_ID + 1;
    int room = Math.max(0, numbers.maxVocab() - known.size());
    Vocabulary own = Vocabulary.build(others, numbers.minFreq(), room + specials);
    List<String> tokens = new ArrayList<>(known.tokens());
    tokens.addAll(own.tokens().subList(specials, own.size()));
    return of(tokenised, Vocabulary.of(tokens), numbers);
  }

  private static LanguageModelText of(
      TokenisedCorpus tokenised, Vocabulary vocabulary, Hyperparameters numbers) {
    List<int[]> ids = tokenised.ids(vocabulary, numbers.readingOrder());
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
