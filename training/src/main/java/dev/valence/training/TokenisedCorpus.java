package dev.valence.training;

import dev.valence.text.ReadingOrder;
import dev.valence.text.TextRules;
import dev.valence.text.Vocabulary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A corpus as tokens, each distinct token held once.
 *
 * @param words the distinct tokens, by the number they go by here
 * @param documents numbers of each review's tokens, in the order of the corpus
 */
record TokenisedCorpus(List<String> words, List<int[]> documents) {

  /** Tokenises all reviews, on all cores. */
  static TokenisedCorpus of(Corpus corpus, TextRules rules) {
    Map<String, Integer> numbers = new ConcurrentHashMap<>();
    AtomicInteger next = new AtomicInteger();
    List<int[]> documents =
        corpus.documents().parallelStream()
            .map(
                document ->
                    rules.tokens(document.text()).stream()
                        .mapToInt(
                            token ->
                                numbers.computeIfAbsent(token, unseen -> next.getAndIncrement()))
                        .toArray())
            .toList();
    String[] words = new String[next.get()];
    numbers.forEach((word, number) -> words[number] = word);
    return new TokenisedCorpus(Arrays.asList(words), documents);
  }

  /** How often each token occurs. */
  Map<String, Long> counts() {
    long[] counts = new long[words.size()];
    for (int[] document : documents) {
      for (int number : document) {
        counts[number]++;
      }
    }
    Map<String, Long> byWord = new HashMap<>();
    for (int i = 0; i < counts.length; i++) {
      byWord.put(words.get(i), counts[i]);
    }
    return byWord;
  }

  /** Ids of each review's tokens, all of them, after the begin token, in the order of reading. */
  List<int[]> ids(Vocabulary vocabulary, ReadingOrder order) {
    int[] idOf = words.stream().mapToInt(vocabulary::id).toArray();
    int begin = vocabulary.id(Vocabulary.BEGIN);
    return documents.stream()
        .map(
            document -> {
              int[] ids = new int[document.length + 1];
              ids[0] = begin;
              for (int i = 0; i < document.length; i++) {
                ids[i + 1] = idOf[document[i]];
              }
              return order.of(ids);
            })
        .toList();
  }
}
