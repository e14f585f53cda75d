package dev.valence.training;

import dev.valence.model.Reason;
import dev.valence.text.TextPipeline;
import dev.valence.text.TextRules;
import dev.valence.text.Truncation;
import dev.valence.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * A trained language model: what it was trained with, how it reads text, and its weights.
 *
 * @param numbers its hyper-parameters
 * @param pipeline its rules and vocabulary
 * @param parameters its weights, decoder included
 */
public record LanguageModel(Hyperparameters numbers, TextPipeline pipeline, Parameters parameters) {
  private static final String NUMBERS = "hyperparameters.json";
  private static final String WEIGHTS = "language-model";

  /**
   * One that has not learned anything: the words of a corpus, and fresh weights.
   *
   * @param corpus whose words that occur often enough get an id
   */
  public static LanguageModel untrained(Hyperparameters numbers, Corpus corpus) {
    TextRules rules = TextRules.seed();
    Vocabulary vocabulary =
        Vocabulary.build(
            TokenisedCorpus.of(corpus, rules).counts(), numbers.minFreq(), numbers.maxVocab());
    return new LanguageModel(
        numbers,
        new TextPipeline(rules, vocabulary, Truncation.DEFAULT),
        Parameters.languageModel(numbers, vocabulary.size()));
  }

  /**
   * Reads what {@code train lm} wrote.
   *
   * @throws TrainingException if a file is missing, or the files do not fit together
   */
  public static LanguageModel read(Path folder) {
    new StagedFiles(folder).finishBeforeReading();
    if (!Files.exists(folder.resolve(NUMBERS))) {
      throw new TrainingException(
          "no language model in "
              + folder
              + ". Name a folder in which `train lm` has finished an epoch.");
    }
    try {
      Hyperparameters numbers = Hyperparameters.fromJson(Files.readString(folder.resolve(NUMBERS)));
      TextPipeline pipeline = TextPipeline.load(folder);
      Parameters shapes = Parameters.languageModel(numbers, pipeline.vocabulary().size());
      return new LanguageModel(numbers, pipeline, Parameters.read(folder.resolve(WEIGHTS), shapes));
    } catch (IOException e) {
      throw new TrainingException(
          "cannot read the language model in " + folder + ": " + Reason.of(e) + ". Train it again.",
          e);
    }
  }

  /**
   * Writes the three into a folder, the weights in half precision.
   *
   * @throws TrainingException if the folder cannot be written
   */
  public void write(Path folder) {
    try {
      new StagedFiles(folder)
          .replace(
              staged -> {
                pipeline.save(staged);
                parameters.write(staged.resolve(WEIGHTS));
                Files.writeString(staged.resolve(NUMBERS), numbers.toJson());
              });
    } catch (IOException | TensorFlowException e) {
      throw new TrainingException(
          "cannot write the language model to "
              + folder
              + ": "
              + Reason.of(e)
              + ". Make room and resume.",
          e);
    }
  }
}
