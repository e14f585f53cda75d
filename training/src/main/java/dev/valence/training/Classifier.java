package dev.valence.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.model.Reason;
import dev.valence.text.TextPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * A trained classifier: what an export is made of.
 *
 * @param facts what a run knows of it
 * @param pipeline its rules, vocabulary and truncation
 * @param parameters encoder and head
 * @param judgedTokens most tokens that were read of a held-out review for those facts
 */
public record Classifier(
    Facts facts, TextPipeline pipeline, Parameters parameters, int judgedTokens) {
  private static final String FACTS = "classifier.json";
  private static final String WEIGHTS = "classifier";

  /** A classifier that was judged as it reads. */
  public Classifier(Facts facts, TextPipeline pipeline, Parameters parameters) {
    this(facts, pipeline, parameters, pipeline.truncation().maxTokens());
  }

  /**
   * @param hyperparameters as JSON
   * @param labels in the order of the logits
   * @param corpus digest of the training reviews
   * @param temperature that the logits are divided by
   * @param validation figures on the validation reviews, after calibration
   */
  public record Facts(
      String hyperparameters,
      List<String> labels,
      String corpus,
      double temperature,
      Map<String, Double> validation) {

    /** The hyper-parameters. */
    public Hyperparameters numbers() {
      return Hyperparameters.fromJson(hyperparameters);
    }
  }

  /** Weights of the right names and shapes, as they are before training. */
  static Parameters fresh(Hyperparameters numbers, int vocabulary, int labels) {
    return Parameters.languageModel(numbers, vocabulary)
        .encoder()
        .with(ClassifierHead.parameters(numbers, labels));
  }

  /**
   * Reads what {@code train classifier} wrote.
   *
   * @throws TrainingException if a file is missing, or the files do not fit together
   */
  public static Classifier read(Path folder) {
    new StagedFiles(folder).finishBeforeReading();
    if (!Files.exists(folder.resolve(FACTS))) {
      throw new TrainingException(
          "no classifier in " + folder + ". Name a folder that `train classifier` has written.");
    }
    try {
      Facts facts = new ObjectMapper().readValue(folder.resolve(FACTS).toFile(), Facts.class);
      TextPipeline pipeline = TextPipeline.load(folder);
      Parameters shapes =
          fresh(facts.numbers(), pipeline.vocabulary().size(), facts.labels().size());
      return new Classifier(facts, pipeline, Parameters.read(folder.resolve(WEIGHTS), shapes));
    } catch (IOException e) {
      throw new TrainingException(
          "cannot read the classifier in " + folder + ": " + Reason.of(e) + ". Train it again.", e);
    }
  }

  /**
   * The classifier whose weights are the mean of several's. If they went on from the same weights
   * it can judge better than any of them (Wortsman et al., "Model soups", ICML 2022), else worse.
   *
   * @param several at least one; facts and pipeline are those of the first
   * @throws TrainingException if labels, vocabulary, reading order or numbers of units differ
   */
  public static Classifier mean(List<Classifier> several) {
    Classifier first = several.get(0);
    for (Classifier other : several) {
      other.facts.numbers().requireReadingOrderOf(first.facts.numbers());
      if (!other.facts.labels().equals(first.facts.labels())) {
        throw new TrainingException(
            "classifiers of the labels "
                + first.facts.labels()
                + " and "
                + other.facts.labels()
                + " have no mean. Take runs that went on from the same weights.");
      }
      if (!other.pipeline.vocabulary().equals(first.pipeline.vocabulary())) {
        throw new TrainingException(
            "classifiers of different vocabularies have no mean. Take runs that went on from the"
                + " same weights.");
      }
    }
    return new Classifier(
        first.facts,
        first.pipeline,
        Parameters.mean(several.stream().map(Classifier::parameters).toList()));
  }

  /**
   * The same classifier, reading no more than so many tokens of a review. Its facts stay: how well
   * it judges so is not known.
   *
   * @throws TrainingException if they are fewer than 2
   */
  public Classifier readingAtMost(int maxTokens) {
    try {
      return new Classifier(facts, pipeline.readingAtMost(maxTokens), parameters, judgedTokens);
    } catch (IllegalArgumentException e) {
      throw new TrainingException(e.getMessage());
    }
  }

  /**
   * Reads an exported model, to learn from it again.
   *
   * @param model directory of one version
   * @return none if the model does not give its weights, as the first ones that were exported
   * @throws TrainingException if the weights cannot be read
   * @throws dev.valence.model.InvalidModelException if the directory has no manifest
   */
  public static Optional<Classifier> ofModel(Path model) {
    return new ExportedModel(model).classifier();
  }

  /**
   * Writes the three into a folder, the weights in half precision; what it held of them stays if
   * that fails.
   *
   * @param validation how it judged the held-out reviews
   * @throws TrainingException if the folder cannot be written
   */
  void write(Path folder, ValidationJudgements validation) {
    try {
      new StagedFiles(folder)
          .replace(
              staged -> {
                pipeline.save(staged);
                parameters.write(staged.resolve(WEIGHTS));
                validation.write(staged);
                new ObjectMapper().writeValue(staged.resolve(FACTS).toFile(), facts);
              });
    } catch (IOException | TensorFlowException e) {
      throw new TrainingException(
          "cannot write the classifier to "
              + folder
              + ": "
              + Reason.of(e)
              + ". Make room and resume.",
          e);
    }
  }
}
