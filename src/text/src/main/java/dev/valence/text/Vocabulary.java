package dev.valence.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words a model knows, each with its id, from 0 to {@code size() - 1}. The special tokens come
 * first, then words from the most to the least frequent. Immutable.
 */
public final class Vocabulary {

  /** Stands for every word that is not in the vocabulary; its id is {@link #UNKNOWN_ID}. */
  public static final String UNKNOWN = "<unk>";

  /** Fills the end of shorter reviews in a batch; its id is {@link #PADDING_ID}. */
  public static final String PADDING = "<pad>";

  /** Opens every review; its id is {@link #BEGIN_ID}. */
  public static final String BEGIN = "<bos>";

  public static final int UNKNOWN_ID = 0;
  public static final int PADDING_ID = 1;
  public static final int BEGIN_ID = 2;

  private static final List<String> SPECIALS = List.of(UNKNOWN, PADDING, BEGIN);

  private final List<String> tokens;
  private final Map<String, Integer> ids;

  private Vocabulary(List<String> tokens, Map<String, Integer> ids) {
    this.tokens = List.copyOf(tokens);
    this.ids = ids;
  }

  /**
   * @param tokens token of each id, the three special tokens first
   * @throws IllegalArgumentException if the special tokens are not where they belong or a token
   *     stands twice
   */
  public static Vocabulary of(List<String> tokens) {
    if (tokens.size() < SPECIALS.size() || !tokens.subList(0, SPECIALS.size()).equals(SPECIALS)) {
      throw new IllegalArgumentException(
          "the vocabulary begins with "
              + tokens.subList(0, Math.min(tokens.size(), SPECIALS.size()))
              + ". It must begin with the special tokens "
              + SPECIALS
              + ".");
    }
    Map<String, Integer> ids = new HashMap<>(tokens.size() * 2);
    for (int id = 0; id < tokens.size(); id++) {
      Integer earlier = ids.put(tokens.get(id), id);
      if (earlier != null) {
        throw new IllegalArgumentException(
            "the vocabulary holds a token twice: \""
                + TokenEscapes.escape(tokens.get(id))
                + "\" has the ids "
                + earlier
                + " and "
                + id
                + ". Keep one of them.");
      }
    }
    return new Vocabulary(tokens, ids);
  }

  /**
   * Special tokens first, then the most frequent words; words that are equally frequent are ordered
   * by their code points.
   *
   * @param counts how often each token occurs; special tokens among them are ignored
   * @param minFrequency least occurrences of a word that is kept
   * @param maxSize most tokens, special ones included, at least 3
   * @throws IllegalArgumentException if {@code maxSize} leaves no room for the special tokens
   */
  public static Vocabulary build(Map<String, Long> counts, int minFrequency, int maxSize) {
    if (maxSize < SPECIALS.size()) {
      throw new IllegalArgumentException(
          "the vocabulary's size is too small: "
              + maxSize
              + ". Give at least "
              + SPECIALS.size()
              + ".");
    }
    List<String> tokens = new ArrayList<>(SPECIALS);
    counts.entrySet().stream()
        .filter(word -> word.getValue() >= minFrequency && !SPECIALS.contains(word.getKey()))
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey(Vocabulary::compareCodePoints)))
        .limit(maxSize - SPECIALS.size())
        .forEach(word -> tokens.add(word.getKey()));
    return of(tokens);
  }

  /** How many tokens there are, special ones included. */
  public int size() {
    return tokens.size();
  }

  /** The token's id, {@link #UNKNOWN_ID} for a token that is not in the vocabulary. */
  public int id(String token) {
    return ids.getOrDefault(token, UNKNOWN_ID);
  }

  /**
   * The token of an id.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= id < size()}
   */
  public String token(int id) {
    return tokens.get(id);
  }

  /** All tokens, by id. */
  public List<String> tokens() {
    return tokens;
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws IOException if the file is missing, cannot be read, or is not a vocabulary; the message
   *     names the file and what is wrong with it
   */
  public static Vocabulary load(Path file) throws IOException {
    String content = file(file).read();
    List<String> lines = new ArrayList<>(List.of(content.split("\n", -1)));
    if (lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    try {
      return of(lines.stream().map(TokenEscapes::unescape).toList());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is not a vocabulary: " + e.getMessage(), e);
    }
  }

  /**
   * Writes one token a line, the line number (from 0) being its id, in UTF-8. Tokens can be
   * newlines, so {@code \n}, {@code \r}, {@code \t} and the backslash are escaped with a backslash,
   * and half a surrogate pair is written as {@code \}{@code uD83D}.
   *
   * @throws IOException if the file cannot be written
   */
  public void save(Path file) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String token : tokens) {
      lines.append(TokenEscapes.escape(token)).append('\n');
    }
    file(file).write(lines);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocabulary that && tokens.equals(that.tokens);
  }

  @Override
  public int hashCode() {
    return tokens.hashCode();
  }

  @Override
  public String toString() {
    return "Vocabulary of " + size() + " tokens";
  }

  private static AssetFile file(Path path) {
    return new AssetFile("the vocabulary", path);
  }

  private static int compareCodePoints(String left, String right) {
    int[] leftPoints = left.codePoints().toArray();
    int[] rightPoints = right.codePoints().toArray();
    return Arrays.compare(leftPoints, rightPoints);
  }
}
