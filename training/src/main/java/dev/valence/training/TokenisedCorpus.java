package dev.valence.training;

import dev.valence.text.ReadingOrder;
import dev.valence.text.TextRules;
import dev.valence.text.Vocabulary;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A corpus as tokens, each distinct token held once.
 *
 * @param words the distinct tokens, by the number they go by here; the most frequent first
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
    return new TokenisedCorpus(Arrays.asList(words), documents).byFrequency();
  }

  /** The numbers do not hang on which core was first, and frequent ones are short when written. */
  private TokenisedCorpus byFrequency() {
    long[] counts = numberCounts();
    List<Integer> order = new ArrayList<>();
    for (int number = 0; number < counts.length; number++) {
      order.add(number);
    }
    order.sort(
        Comparator.<Integer>comparingLong(number -> -counts[number]).thenComparing(words::get));
    int[] ranks = new int[counts.length];
    for (int rank = 0; rank < ranks.length; rank++) {
      ranks[order.get(rank)] = rank;
    }
    return new TokenisedCorpus(
        order.stream().map(words::get).toList(),
        documents.parallelStream()
            .map(document -> Arrays.stream(document).map(number -> ranks[number]).toArray())
            .toList());
  }

  /** How often each token occurs. */
  Map<String, Long> counts() {
    long[] counts = numberCounts();
    Map<String, Long> byWord = new HashMap<>();
    for (int i = 0; i < counts.length; i++) {
      byWord.put(words.get(i), counts[i]);
    }
    return byWord;
  }

  private long[] numberCounts() {
    long[] counts = new long[words.size()];
    for (int[] document : documents) {
      for (int number : document) {
        counts[number]++;
      }
    }
    return counts;
  }

  /**
   * Writes what {@link #read} reads: words in UTF-16, numbers in seven bits a byte, the lowest
   * first, the eighth bit telling that more follow.
   */
  void write(DataOutputStream out) throws IOException {
    out.writeInt(words.size());
    for (String word : words) {
      out.writeInt(word.length());
      out.writeChars(word);
    }
    out.writeInt(documents.size());
    for (int[] document : documents) {
      out.writeInt(document.length);
      for (int number : document) {
        int left = number;
        for (; left > 0x7f; left >>>= 7) {
          out.write(left | 0x80);
        }
        out.write(left);
      }
    }
  }

  /** Reads what {@link #write} wrote, which must be known to be undamaged. */
  static TokenisedCorpus read(ByteBuffer in) {
    String[] words = new String[in.getInt()];
    for (int i = 0; i < words.length; i++) {
      char[] word = new char[in.getInt()];
      for (int j = 0; j < word.length; j++) {
        word[j] = in.getChar();
      }
      words[i] = new String(word);
    }
    int[][] documents = new int[in.getInt()][];
    for (int i = 0; i < documents.length; i++) {
      documents[i] = new int[in.getInt()];
      for (int j = 0; j < documents[i].length; j++) {
        documents[i][j] = number(in);
      }
    }
    return new TokenisedCorpus(List.of(words), List.of(documents));
  }

  private static int number(ByteBuffer in) {
    int number = 0;
    for (int shift = 0; ; shift += 7) {
      int next = in.get();
      number |= (next & 0x7f) << shift;
      if (next >= 0) {
        return number;
      }
    }
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
