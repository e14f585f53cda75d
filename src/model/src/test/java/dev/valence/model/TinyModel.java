package dev.valence.model;

import dev.valence.model.ModelManifest.Calibration;
import dev.valence.text.TextPipeline;
import dev.valence.text.TextRules;
import dev.valence.text.Truncation;
import dev.valence.text.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A real model in a second: a SavedModel that follows the contract and adds up a lexicon. "good"
 * and "great" speak for positive, "bad" and "awful" for negative, every other word for neither; the
 * logits are the mean over a review's words.
 */
public final class TinyModel {

  /** Labels of the model, in the order of its probabilities. */
  public static final List<String> LABELS = List.of("negative", "positive");

  /**
   * Weight of a strong word in its label's logit; a review of it alone is scored with a probability
   * of 0.9933.
   */
  private static final float STRONG = 5f;

  private static final float MILD = 2f;

  private static final List<String> GOLDEN =
      List.of(
          "A good film.",
          "Awful, just awful!",
          "It was a great kettle, but the lid is bad.",
          "Nothing to say.");

  private static final Map<String, float[]> LEXICON = lexicon();

  private TinyModel() {}

  private static Map<String, float[]> lexicon() {
    Map<String, float[]> weights = new LinkedHashMap<>();
    weights.put("great", new float[] {0, STRONG});
    weights.put("good", new float[] {0, MILD});
    weights.put("bad", new float[] {MILD, 0});
    weights.put("awful", new float[] {STRONG, 0});
    for (String neutral :
        List.of("the", "a", "film", "kettle", "was", "and", "but", ".", ",", "!")) {
      weights.put(neutral, new float[] {0, 0});
    }
    return weights;
  }

  /**
   * Writes version 1 of the model, which never abstains.
   *
   * @param directory is made; must be empty if it exists
   * @return the manifest
   */
  public static ModelManifest write(Path directory) {
    return write(directory, draft(1, 0));
  }

  /**
   * Writes a model with a manifest of the caller's.
   *
   * @param directory is made; must be empty if it exists
   * @param draft see {@link #draft}; its labels must be two
   * @return the manifest
   */
  public static ModelManifest write(Path directory, ModelManifest draft) {
    return write(directory, draft, 1f);
  }

  /**
   * Writes a model whose weights are all multiplied by a factor: -1 turns every judgement around,
   * NaN breaks it.
   *
   * @param directory is made; must be empty if it exists
   * @param draft see {@link #draft}; its labels must be two
   * @param factor multiplies the weight of every word
   * @return the manifest
   */
  public static ModelManifest write(Path directory, ModelManifest draft, float factor) {
    try {
      export(directory, factor);
      return ModelPackager.seal(directory, draft, GOLDEN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the model says about itself before it is sealed. */
  public static ModelManifest draft(long version, double abstentionThreshold) {
    return new ModelManifest(
        "tiny",
        version,
        LABELS,
        Instant.parse("2026-01-01T00:00:00Z"),
        "test",
        "none",
        Map.of("validation_accuracy", 0.5),
        new Calibration(1),
        abstentionThreshold,
        Map.of());
  }

  /** The pipeline of the model: its vocabulary is the lexicon. */
  public static TextPipeline textPipeline() {
    Map<String, Long> counts = new LinkedHashMap<>();
    LEXICON.keySet().forEach(word -> counts.put(word, 1L));
    return new TextPipeline(
        TextRules.seed(),
        Vocabulary.build(counts, 1, Integer.MAX_VALUE),
        new Truncation(200_000, 2_000));
  }

  /** Writes {@code saved_model.pb}, {@code variables/} and {@code assets/}, but seals nothing. */
  static void export(Path directory, float factor) throws IOException {
    TextPipeline pipeline = textPipeline();
    exportGraph(directory, weights(pipeline.vocabulary(), factor));
    pipeline.save(Files.createDirectories(directory.resolve("assets")));
  }

  /** [vocabulary][classes]; padding speaks loudest, so that a mean it leaks into shows. */
  static float[][] weights(Vocabulary vocabulary, float factor) {
    float[][] weights = new float[vocabulary.size()][LABELS.size()];
    weights[Vocabulary.PADDING_ID][0] = factor * 10 * STRONG;
    LEXICON.forEach(
        (word, row) -> {
          for (int label = 0; label < row.length; label++) {
            weights[vocabulary.id(word)][label] = factor * row[label];
          }
        });
    return weights;
  }

  /** A graph of the contract with one embedding, [words][classes]. */
  static void exportGraph(Path directory, float[][] embedding) throws IOException {
    exportGraph(directory, embedding, true);
  }

  /** Without a mask, the padding of a batch counts as words of the shorter reviews. */
  static void exportGraph(Path directory, float[][] embedding, boolean masked) throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TInt32> tokenIds =
          tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
      Placeholder<TInt32> lengths = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
      Variable<TFloat32> table =
          tf.variable(Shape.of(embedding.length, embedding[0].length), TFloat32.class);
      Operand<TFloat32> logits =
          meanOfWords(tf, tf.gather(table, tokenIds, tf.constant(0)), lengths, masked);
      Signature signature =
          Signature.builder("serving_default")
              .input("token_ids", tokenIds)
              .input("lengths", lengths)
              .output("logits", logits)
              .output("probabilities", tf.nn.softmax(logits))
              .build();
      Operand<TFloat32> initial = tf.constant(StdArrays.ndCopyOf(embedding));
      try (Session session = new Session(graph)) {
        session.run(tf.assign(table, initial));
        SavedModelBundle.exporter(directory.toString())
            .withSession(session)
            .withSignature(signature)
            .export();
      }
    }
  }

  /**
   * [time, batch, classes] and [batch] to [batch, classes]; what lies beyond a review's length does
   * not count, nor does its begin token.
   */
  private static Operand<TFloat32> meanOfWords(
      Ops tf, Operand<TFloat32> perToken, Operand<TInt32> lengths, boolean masked) {
    Operand<TInt32> time = tf.squeeze(tf.shape.size(tf.shape(perToken), tf.constant(0)));
    Operand<TInt32> step =
        tf.expandDims(tf.range(tf.constant(0), time, tf.constant(1)), tf.constant(1));
    Operand<TFloat32> inside = tf.dtypes.cast(tf.math.less(step, lengths), TFloat32.class);
    Operand<TFloat32> counted =
        masked ? tf.math.mul(perToken, tf.expandDims(inside, tf.constant(2))) : perToken;
    Operand<TFloat32> sum = tf.sum(counted, tf.constant(0));
    Operand<TInt32> words = tf.math.maximum(tf.math.sub(lengths, tf.constant(1)), tf.constant(1));
    return tf.math.div(sum, tf.expandDims(tf.dtypes.cast(words, TFloat32.class), tf.constant(1)));
  }
}
