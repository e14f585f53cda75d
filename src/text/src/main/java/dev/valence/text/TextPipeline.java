package dev.valence.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Turns a review into the ids that a model reads. A pipeline belongs to a model: it is saved in the
 * model's {@code assets} and loaded from there. Immutable and safe for any number of threads.
 */
public final class TextPipeline {

  static final String VOCABULARY_FILE = "vocabulary.txt";
  static final String PIPELINE_FILE = "text-pipeline.json";

  private final TextRules rules;
  private final Vocabulary vocabulary;
  private final Truncation truncation;

  public TextPipeline(TextRules rules, Vocabulary vocabulary, Truncation truncation) {
    this.rules = rules;
    this.vocabulary = vocabulary;
    this.truncation = truncation;
  }

  /** The review's ids. Of a text without anything but white space only the begin token is left. */
  public EncodedReview encode(String text) {
    String kept = truncation.cut(text);
    List<String> all = rules.tokens(kept);
    List<String> tokens = truncation.cut(all);
    int[] ids = new int[tokens.size() + 1];
    ids[0] = Vocabulary.BEGIN_ID;
    int unknown = 0;
    for (int i = 0; i < tokens.size(); i++) {
      int id = vocabulary.id(tokens.get(i));
      ids[i + 1] = id;
      if (id == Vocabulary.UNKNOWN_ID) {
        unknown++;
      }
    }
    boolean truncated = kept.length() < text.length() || tokens.size() < all.size();
    return new EncodedReview(ids, tokens.size(), unknown, truncated);
  }

  public TextRules rules() {
    return rules;
  }

  public Vocabulary vocabulary() {
    return vocabulary;
  }

  public Truncation truncation() {
    return truncation;
  }

  /**
   * The same, reading no more than so many tokens.
   *
   * @throws IllegalArgumentException if they are fewer than 2
   */
  public TextPipeline readingAtMost(int maxTokens) {
    return new TextPipeline(
        rules, vocabulary, new Truncation(truncation.maxCharacters(), maxTokens));
  }

  /**
   * Writes {@code vocabulary.txt} and {@code text-pipeline.json}.
   *
   * @param assetsDirectory is created if it does not exist
   * @throws IOException if a file cannot be written
   */
  public void save(Path assetsDirectory) throws IOException {
    vocabulary.save(assetsDirectory.resolve(VOCABULARY_FILE));
    PipelineSpec.of(rules, truncation).save(assetsDirectory.resolve(PIPELINE_FILE));
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws IOException if a file is missing, cannot be read, or asks for something that this
   *     version does not do; the message names the file and what is wrong with it
   */
  public static TextPipeline load(Path assetsDirectory) throws IOException {
    PipelineSpec spec = PipelineSpec.load(assetsDirectory.resolve(PIPELINE_FILE));
    Vocabulary vocabulary = Vocabulary.load(assetsDirectory.resolve(VOCABULARY_FILE));
    return new TextPipeline(spec.rules(), vocabulary, spec.truncation());
  }
}
