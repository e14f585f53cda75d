package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.valence.model.SentimentModel;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A language model and a classifier that read from the end. */
class BackwardsTest {
  private static final Corpus TRAINING = Synthetic.reviews(800, 1);
  private static final Corpus VALIDATION = Synthetic.reviews(100, 2);
  private static final Progress SILENT =
      new Progress(new PrintStream(OutputStream.nullOutputStream()), false);

  @TempDir private Path folder;

  @Test
  void goFromTheLastWordToTheFirst() {
    Hyperparameters numbers =
        Synthetic.small(Preset.SEED.languageModel())
            .with(Map.of("cycle_len", "3", "backwards", "true"));
    new LanguageModelTrainer(numbers, run("lm")).train(TRAINING, VALIDATION);
    LanguageModel languageModel = LanguageModel.read(folder.resolve("lm"));

    assertThat(
            new TextGenerator(languageModel, new TemperatureSampling(0.5), 1)
                .write("i love it.", 12, 10))
        .allSatisfy(
            review ->
                assertThat(review).matches("(?s).*(great|lovely|brilliant) and i love it\\."));

    Hyperparameters classifier =
        Synthetic.small(Preset.SEED.classifier())
            .with(
                Map.of(
                    "cycle_len",
                    "1",
                    "max_tokens",
                    "100",
                    "head_size",
                    "16",
                    "frozen",
                    "1",
                    "lr",
                    "0.003",
                    "frozen_lr",
                    "0.003"));
    assertThatThrownBy(
            () ->
                new ClassifierTrainer(classifier, run("refused"))
                    .train(TRAINING, VALIDATION, languageModel))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("backwards is false but true of the model to start from");

    ClassifierTrainer.Outcome outcome =
        new ClassifierTrainer(
                classifier.withArchitecture(languageModel.numbers()), run("classifier"))
            .train(TRAINING, VALIDATION, languageModel);
    assertThat(outcome.accuracy()).isGreaterThan(0.97);
    Path exported = folder.resolve("model/1");
    new ModelExporter("test")
        .export(Classifier.read(folder.resolve("classifier")), "backwards", 1, exported);
    try (SentimentModel model = SentimentModel.load(exported)) {
      Evaluation evaluation = new ModelEvaluator(SILENT).evaluate(model, VALIDATION).overall();
      assertThat(evaluation.accuracy()).isCloseTo(outcome.accuracy(), within(0.011));
    }
    assertThat(exported.resolve("assets.extra/model-card.md"))
        .content()
        .contains("reads a review from its last word to its first", "| backwards | true |");
  }

  private TrainingRun run(String name) {
    return Synthetic.run(folder.resolve(name), 1, Duration.ofHours(1), SILENT, () -> false);
  }
}
