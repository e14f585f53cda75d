package dev.valence.bench;

import dev.valence.training.Corpus;
import dev.valence.training.CorpusReader;
import dev.valence.training.Document;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Reviews that everything is measured with.
 *
 * @param name says what they are
 * @param texts in the order in which they come
 */
record ReviewSet(String name, List<String> texts) {

  /** Part of the groups that training holds out by default. */
  private static final double HELD_OUT = 0.1;

  /** Words of IMDB's training reviews: median and spread of the logarithm. */
  private static final double MEDIAN_WORDS = 174;

  private static final double SPREAD = 0.65;
  private static final int FEWEST_WORDS = 10;
  private static final int MOST_WORDS = 1_700;
  private static final int SEED = 1;

  /**
   * Draws reviews from a corpus.
   *
   * @param count at most so many, at random, the same each time
   * @throws dev.valence.training.TrainingException if there is no corpus, or one without words
   */
  static ReviewSet from(Path data, String textColumn, boolean heldOut, int count) {
    CorpusReader.Columns columns = new CorpusReader.Columns(textColumn, "label", "group");
    Corpus all = new CorpusReader(columns).read(data, "train").worded();
    Corpus corpus = heldOut ? all.validation(HELD_OUT) : all;
    List<Document> drawn = new ArrayList<>(corpus.documents());
    Collections.shuffle(drawn, new Random(SEED));
    List<String> texts = drawn.stream().limit(count).map(Document::text).toList();
    return new ReviewSet(
        "%d %sreviews of %s"
            .formatted(texts.size(), heldOut ? "held-out " : "", data.getFileName()),
        texts);
  }

  /**
   * Makes reviews up, as long as those of films are: sentences of the sample reviews that come with
   * Valence, lengths log-normal.
   */
  static ReviewSet madeUp(int count) throws IOException {
    Random random = new Random(SEED);
    List<List<String>> sentences = sentences();
    List<String> texts = new ArrayList<>();
    for (int review = 0; review < count; review++) {
      double words = MEDIAN_WORDS * Math.exp(SPREAD * random.nextGaussian());
      texts.add(text(sentences, (int) Math.max(FEWEST_WORDS, Math.min(MOST_WORDS, words)), random));
    }
    return new ReviewSet(
        count + " reviews made up of the sample's sentences, as long as those of IMDB", texts);
  }

  /** Makes up reviews of so many words each. */
  static ReviewSet ofLength(int count, int words) throws IOException {
    Random random = new Random(SEED);
    List<List<String>> sentences = sentences();
    List<String> texts = new ArrayList<>();
    for (int review = 0; review < count; review++) {
      texts.add(text(sentences, words, random));
    }
    return new ReviewSet("%d reviews of %d words".formatted(count, words), texts);
  }

  /** Words of each sentence of the sample. */
  private static List<List<String>> sentences() throws IOException {
    return Reviews.read("").stream()
        .flatMap(review -> Stream.of(review.split("(?<=[.!?])\\s+")))
        .map(sentence -> List.of(sentence.split("\\s+")))
        .toList();
  }

  private static String text(List<List<String>> sentences, int count, Random random) {
    List<String> words = new ArrayList<>();
    while (words.size() < count) {
      words.addAll(sentences.get(random.nextInt(sentences.size())));
    }
    return String.join(" ", words.subList(0, count));
  }
}
