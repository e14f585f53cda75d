package dev.valence.training;

import dev.valence.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Lets a language model write reviews, token by token. */
public final class TextGenerator {
  private static final int COLUMNS = 32;

  private final LanguageModel model;
  private final Sampling sampling;
  private final long seed;

  /**
   * @param sampling chooses each token
   * @param seed the same seed writes the same reviews
   */
  public TextGenerator(LanguageModel model, Sampling sampling, long seed) {
    this.model = model;
    this.sampling = sampling;
    this.seed = seed;
  }

  /**
   * Writes reviews.
   *
   * @param prompt how each of them begins, or ends if the model reads backwards; may be empty.
   *     Words that the model does not know it reads as unknown
   * @param maxTokens most tokens that are added; a review ends before where the model begins the
   *     next one
   * @param count number of reviews
   * @return the reviews, prompt included, as text in the vocabulary's casing
   * @throws TrainingException if {@code maxTokens} or {@code count} is below 1
   */
  public List<String> write(String prompt, int maxTokens, int count) {
    requirePositive("tokens", maxTokens);
    requirePositive("count", count);
    List<String> reviews = new ArrayList<>(count);
    while (reviews.size() < count) {
      int columns = Math.min(COLUMNS, count - reviews.size());
      reviews.addAll(write(prompt, maxTokens, reviews.size(), columns));
    }
    return reviews;
  }

  /** One batch: reviews {@code first} to {@code first + columns - 1}, side by side. */
  private List<String> write(String prompt, int maxTokens, int first, int columns) {
    Vocabulary vocabulary = model.pipeline().vocabulary();
    // A model that reads backwards writes from the end to the beginning.
    List<String> start = inOrder(model.pipeline().rules().tokens(prompt));
    List<List<String>> texts = new ArrayList<>();
    List<SplittableRandom> randoms = new ArrayList<>();
    for (int column = 0; column < columns; column++) {
      texts.add(new ArrayList<>(start));
      randoms.add(new SplittableRandom(seed * 1_000_003 + first + column));
    }
    boolean[] ended = new boolean[columns];
    int left = columns;
    try (NextTokens next = new NextTokens(model, columns)) {
      float[][] logits = next.read(columnsOf(start, columns));
      for (int step = 0; step < maxTokens && left > 0; step++) {
        int[] row = new int[columns];
        for (int column = 0; column < columns; column++) {
          row[column] = ended[column] ? Vocabulary.BEGIN_ID : draw(logits, column, randoms);
          if (!ended[column] && row[column] == Vocabulary.BEGIN_ID) {
            ended[column] = true;
            left--;
          } else if (!ended[column]) {
            texts.get(column).add(vocabulary.token(row[column]));
          }
        }
        if (left > 0 && step + 1 < maxTokens) {
          logits = next.read(new int[][] {row});
        }
      }
    }
    return texts.stream().map(this::inOrder).map(Detokenizer::join).toList();
  }

  private List<String> inOrder(List<String> tokens) {
    List<String> ordered = new ArrayList<>(tokens);
    if (model.numbers().backwards()) {
      Collections.reverse(ordered);
    }
    return ordered;
  }

  /** The begin token and the prompt in each column {@code [1 + tokens][columns]}. */
  private int[][] columnsOf(List<String> prompt, int columns) {
    int[][] rows = new int[prompt.size() + 1][columns];
    Arrays.fill(rows[0], Vocabulary.BEGIN_ID);
    for (int i = 0; i < prompt.size(); i++) {
      Arrays.fill(rows[i + 1], model.pipeline().vocabulary().id(prompt.get(i)));
    }
    return rows;
  }

  private int draw(float[][] logits, int column, List<SplittableRandom> randoms) {
    logits[column][Vocabulary.UNKNOWN_ID] = Float.NEGATIVE_INFINITY;
    logits[column][Vocabulary.PADDING_ID] = Float.NEGATIVE_INFINITY;
    return sampling.next(logits[column], randoms.get(column));
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new TrainingException(name + " must be at least 1: " + value + ".");
    }
  }
}
