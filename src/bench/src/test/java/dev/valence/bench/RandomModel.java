package dev.valence.bench;

import dev.valence.text.ReadingOrder;
import dev.valence.text.TextPipeline;
import dev.valence.text.TextRules;
import dev.valence.text.Truncation;
import dev.valence.text.Vocabulary;
import dev.valence.training.Classifier;
import dev.valence.training.Hyperparameters;
import dev.valence.training.ModelExporter;
import dev.valence.training.Parameters;
import dev.valence.training.Preset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A small model of the real architecture, with random weights. */
final class RandomModel {
  static final int WORDS = 60;

  private static final int[] WIDTHS = {12, 20, 16, 12};
  private static final int HEAD = 10;

  private final Random random = new Random(1);
  private final Map<String, Parameters.Array> arrays = new LinkedHashMap<>();

  private RandomModel() {}

  /** Writes it as {@code train export} does. */
  static void write(Path directory) {
    new RandomModel().export(directory, ReadingOrder.FORWARDS);
  }

  /** The same, which reads in this order. */
  static void write(Path directory, ReadingOrder order) {
    new RandomModel().export(directory, order);
  }

  private void export(Path directory, ReadingOrder order) {
    Map<String, Long> counts = new TreeMap<>();
    for (int word = 0; word < WORDS; word++) {
      counts.put("word" + word, 1L);
    }
    Vocabulary vocabulary = Vocabulary.build(counts, 1, WORDS + 3);
    add("embedding", 1, vocabulary.size(), WIDTHS[0]);
    for (int layer = 0; layer + 1 < WIDTHS.length; layer++) {
      int width = WIDTHS[layer + 1];
      add("lstm." + layer + ".input", 0.8, WIDTHS[layer], 4 * width);
      add("lstm." + layer + ".hidden", 0.8, width, 4 * width);
      add("lstm." + layer + ".bias", 0.8, 4 * width);
    }
    int features = 3 * WIDTHS[WIDTHS.length - 1];
    add("features.mean", 0.1, features);
    add("features.scale", 0, features);
    Arrays.fill(arrays.get("features.scale").values(), 1);
    add("head.hidden.weights", 0.5, features, HEAD);
    add("head.hidden.bias", 0.5, HEAD);
    add("head.label.weights", 0.5, HEAD, 2);
    add("head.label.bias", 0.5, 2);
    Hyperparameters numbers =
        Preset.SEED
            .classifier()
            .with(Map.of("em_sz", "12", "nh", "20", "nl", "3", "head_size", "10"))
            .with(Map.of("backwards", order == ReadingOrder.BACKWARDS ? "true" : "false"));
    Classifier classifier =
        new Classifier(
            new Classifier.Facts(
                numbers.toJson(), List.of("negative", "positive"), "none", 1.3, Map.of()),
            new TextPipeline(TextRules.seed(), vocabulary, new Truncation(200_000, 2_000)),
            new Parameters(arrays));
    new ModelExporter("test").export(classifier, "random", 1, directory);
  }

  private void add(String name, double bound, int... shape) {
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    long[] dimensions = Arrays.stream(shape).asLongStream().toArray();
    arrays.put(name, new Parameters.Array(dimensions, values));
  }

  /** Token ids of reviews of these lengths. */
  static int[][] reviews(int... lengths) {
    Random random = new Random(2);
    return Arrays.stream(lengths)
        .mapToObj(length -> random.ints(length, 3, WORDS).toArray())
        .toArray(int[][]::new);
  }
}
