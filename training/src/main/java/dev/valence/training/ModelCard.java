package dev.valence.training;

import dev.valence.model.ModelManifest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a model says about itself to people, in Markdown (Mitchell et al., "Model Cards for Model
 * Reporting", FAT* 2019).
 */
final class ModelCard {
  private final Classifier classifier;
  private final ModelManifest manifest;

  ModelCard(Classifier classifier, ModelManifest manifest) {
    this.classifier = classifier;
    this.manifest = manifest;
  }

  /** The card's text. */
  String markdown() {
    return String.join("\n", List.of(model(), recipe(), figures(), calibration(), limits()));
  }

  private String model() {
    Hyperparameters numbers = classifier.facts().numbers();
    return String.format(
        Locale.ROOT,
        """
        # %s, version %d

        Judges the sentiment of a review: an AWD-LSTM language model of %d layers (widths %s, %,d words),
        fine-tuned to a classifier (ULMFiT). It reads a review %s. Exported at %s by %s.

        Labels, in the order of the outputs:

        %s

        Training reviews: SHA-256 `%s` over their ids, labels and texts in order.
        """,
        escaped(manifest.modelName()),
        manifest.version(),
        numbers.nl(),
        widths(numbers),
        classifier.pipeline().vocabulary().size(),
        numbers.backwards() ? "from its last word to its first" : "as it was written",
        manifest.createdAt(),
        escaped(manifest.codeRevision()),
        manifest.labels().stream()
            .map(label -> "- " + escaped(label))
            .collect(Collectors.joining("\n")),
        manifest.trainingDataDigest());
  }

  private static String widths(Hyperparameters numbers) {
    int[] widths = numbers.widths();
    StringBuilder text = new StringBuilder(Integer.toString(widths[0]));
    for (int i = 1; i < widths.length; i++) {
      text.append(" → ").append(widths[i]);
    }
    return text.toString();
  }

  private String recipe() {
    return """
        ## Recipe

        The classifier's hyper-parameters, under fastai's names. `valence train classifier --set NAME=VALUE`
        takes them.

        | name | value |
        |---|---:|
        %s"""
        .formatted(rows(classifier.facts().numbers().byName()));
  }

  private String figures() {
    return """
        ## Figures

        On held-out reviews, after calibration. The best epoch and the temperature were chosen on the same
        reviews, so expect slightly less on new ones. They are of the weights before those were rounded to
        eight bits; `valence train evaluate --model` measures the model as it is.%s

        | figure | value |
        |---|---:|
        %s"""
        .formatted(
            judgedOtherwise(),
            rows(
                manifest.metrics().entrySet().stream()
                    .collect(
                        Collectors.toMap(
                            Map.Entry::getKey,
                            figure -> String.format(Locale.ROOT, "%.4f", figure.getValue()),
                            (one, other) -> one,
                            TreeMap::new))));
  }

  private String judgedOtherwise() {
    int read = classifier.pipeline().truncation().maxTokens();
    return classifier.judgedTokens() == read
        ? ""
        : String.format(
            Locale.ROOT,
            "\n\nThey, and the temperature, are of reading at most %,d tokens of a review; this model reads at most %,d.",
            classifier.judgedTokens(),
            read);
  }

  private String calibration() {
    String abstention =
        manifest.abstentionThreshold() == 0
            ? "It commits itself to a label for every review that has a word in it."
            : String.format(
                Locale.ROOT,
                "A review whose highest probability is below %.3f is labelled `uncertain`: of the held-out\n"
                    + "reviews %.1f %% keep a label, and %.1f %% of those labels are right.",
                manifest.abstentionThreshold(),
                100 * manifest.metrics().getOrDefault("validation_coverage", Double.NaN),
                100 * manifest.metrics().getOrDefault("validation_kept_precision", Double.NaN));
    return String.format(
        Locale.ROOT,
        """
        ## Calibration

        Probabilities are `softmax(logits / %.4f)`: the temperature is the likeliest, given the held-out
        reviews and a prior around 1, and is part of the graph. %s
        """,
        manifest.calibration().temperature(),
        abstention);
  }

  private String limits() {
    return String.format(
        Locale.ROOT,
        """
        ## Limits

        - It knows reviews like those it was trained on. Before you use it on another subject or in another
          language, measure it there: `valence train evaluate`.
        - It reads at most %,d tokens; of a longer review the middle is left out. A word outside of its
          vocabulary is read as unknown.
        - Irony, comparisons with something better or worse, and reviews that quote another opinion mislead it.
        - It judges texts, not people: a score is no ground for a decision about a person.
        """,
        classifier.pipeline().truncation().maxTokens());
  }

  private static String rows(Map<String, String> values) {
    StringBuilder rows = new StringBuilder();
    values.forEach(
        (name, value) ->
            rows.append("| ")
                .append(escaped(name))
                .append(" | ")
                .append(escaped(value))
                .append(" |\n"));
    return rows.toString();
  }

  /** Text that Markdown shows as it is. */
  private static String escaped(String text) {
    return text.replaceAll("\\R", " ").replaceAll("([\\\\`*_{}\\[\\]<>|#])", "\\\\$1");
  }
}
