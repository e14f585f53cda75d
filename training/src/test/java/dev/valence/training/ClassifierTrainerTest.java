package dev.valence.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.valence.model.ModelManifest;
import dev.valence.model.SentimentModel;
import dev.valence.text.TextPipeline;
import dev.valence.training.report.EpochFigures;
import dev.valence.training.report.History;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTrainerTest {
  private static final Corpus TRAINING = Synthetic.reviews(800, 1);
  private static final Corpus VALIDATION = Synthetic.reviews(100, 2);
  private static final Progress SILENT =
      new Progress(new PrintStream(new ByteArrayOutputStream()), false);

  @TempDir private static Path shared;
  @TempDir private Path folder;
  private static LanguageModel languageModel;
  private static Hyperparameters numbers;

  /** By {@link #numbers}, on one tower: what most tests begin with. */
  private static Path judge;

  private static ClassifierTrainer.Outcome unbroken;

  @BeforeAll
  static void train() {
    Hyperparameters small =
        Synthetic.small(Preset.SEED.languageModel()).with(Map.of("cycle_len", "3"));
    new LanguageModelTrainer(
            small, Synthetic.run(shared, 1, Duration.ofHours(1), SILENT, () -> false))
        .train(TRAINING, VALIDATION);
    languageModel = LanguageModel.read(shared);
    numbers =
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
                    "0.003",
                    "ema",
                    "0.9"));
    judge = shared.resolve("judge");
    unbroken = trainer(judge, 1, () -> false).train(TRAINING, VALIDATION, languageModel);
  }

  @Test
  void learnsToJudgeAndExportsAModelThatJudgesTheSame() {
    ClassifierTrainer.Outcome outcome =
        trainer(folder, 2, () -> false).train(TRAINING, VALIDATION, languageModel);

    assertThat(outcome.accuracy()).isGreaterThan(0.97);
    assertThat(folder.resolve("report.html"))
        .content()
        .contains("Confusion", "Reliability", "<th>lr_decay</th><td>2.6</td>");
    Path exported = folder.resolve("model/3");
    ModelManifest manifest =
        new ModelExporter("test").export(Classifier.read(folder), "synthetic", 3, exported);
    try (SentimentModel model = SentimentModel.load(exported)) {
      Evaluation evaluation = new ModelEvaluator(SILENT).evaluate(model, VALIDATION).overall();
      assertThat(evaluation.accuracy()).isCloseTo(outcome.accuracy(), within(0.011));
      assertThat(evaluation.logLoss())
          .isCloseTo(manifest.metrics().get("validation_log_loss"), within(0.01));
      assertThat(model.labels()).containsExactly("negative", "positive");
      assertThat(manifest.trainingDataDigest()).isEqualTo(TRAINING.digest());
    }
    assertThat(manifest.files()).containsKey("assets.extra/model-card.md");
    assertThat(exported.resolve("assets.extra/model-card.md"))
        .content()
        .contains("# synthetic, version 3", "- negative\n- positive\n", TRAINING.digest())
        .contains("| lr\\_decay | 2.6 |", "(widths 32 → 32 → 32,")
        .contains(
            String.format(Locale.ROOT, "| validation\\_accuracy | %.4f |", outcome.accuracy()));
  }

  @Test
  void paddingChangesNothingInTheExportedModel() {
    Path exported = folder.resolve("model/1");
    new ModelExporter("test").export(Classifier.read(judge), "synthetic", 1, exported);

    try (SentimentModel model = SentimentModel.load(exported)) {
      List<int[]> ids = new ArrayList<>();
      VALIDATION
          .documents()
          .forEach(document -> ids.add(model.textPipeline().encode(document.text()).ids()));
      float[][] together = model.probabilities(ids.toArray(int[][]::new));
      for (int i = 0; i < ids.size(); i++) {
        float[] alone = model.probabilities(new int[][] {ids.get(i)})[0];
        assertThat(together[i]).containsExactly(alone, within(1e-5f));
      }
    }
  }

  @Test
  void endsTheSameWhenItWasStoppedAndResumed() throws Exception {
    AtomicInteger steps = new AtomicInteger();
    trainer(folder, 1, () -> steps.incrementAndGet() == 130)
        .train(TRAINING, VALIDATION, languageModel);
    ClassifierTrainer.Outcome resumed =
        trainer(folder, 1, () -> false).train(TRAINING, VALIDATION, languageModel);

    assertThat(resumed.steps()).isEqualTo(unbroken.steps()).isGreaterThan(199);
    assertThat(resumed.accuracy()).isEqualTo(unbroken.accuracy());
    assertThat(Classifier.read(folder).facts().validation().get("log_loss"))
        .isCloseTo(Classifier.read(judge).facts().validation().get("log_loss"), within(1e-4));
    assertThat(new History(folder).read())
        .extracting(EpochFigures::epoch)
        .containsExactlyElementsOf(
            new History(judge).read().stream().map(EpochFigures::epoch).toList());
    assertThat(new History(folder).read())
        .extracting(EpochFigures::accuracy)
        .contains(resumed.accuracy());
  }

  @Test
  void keepsItsFirstEpochThoughABetterClassifierLiesInTheFolder() {
    Classifier better = Classifier.read(judge);
    Hyperparameters nothingToLearn = numbers.with(Map.of("frozen", "0", "cycles", "0"));
    new ClassifierTrainer(nothingToLearn, run(folder)).train(TRAINING, VALIDATION, better);
    Hyperparameters worse = numbers.with(Map.of("frozen", "0.1", "cycles", "0"));
    AtomicInteger steps = new AtomicInteger();
    new ClassifierTrainer(worse, run(folder, 1, () -> steps.incrementAndGet() == 3))
        .train(TRAINING, VALIDATION, languageModel);

    ClassifierTrainer.Outcome resumed =
        new ClassifierTrainer(worse, run(folder)).train(TRAINING, VALIDATION, languageModel);

    Classifier.Facts kept = Classifier.read(folder).facts();
    assertThat(kept.numbers()).isEqualTo(worse);
    assertThat(kept.validation().get("accuracy"))
        .isEqualTo(resumed.accuracy())
        .isLessThan(better.facts().validation().get("accuracy"));
  }

  @Test
  void losesNoStepWhenItIsKilledWhileItValidates() {
    TrainingRun killed = Synthetic.killedAfterValidation(folder);
    assertThatThrownBy(
            () -> new ClassifierTrainer(numbers, killed).train(TRAINING, VALIDATION, languageModel))
        .hasMessage("killed");
    assertThat(folder.resolve("checkpoint-100")).exists();

    ClassifierTrainer.Outcome resumed =
        new ClassifierTrainer(numbers, run(folder)).train(TRAINING, VALIDATION, languageModel);

    assertThat(resumed.steps()).isEqualTo(unbroken.steps());
    assertThat(resumed.accuracy()).isEqualTo(unbroken.accuracy());
  }

  @Test
  void doesNotGoOnWithAnotherVocabulary() {
    AtomicInteger steps = new AtomicInteger();
    trainer(folder, 1, () -> steps.incrementAndGet() == 3)
        .train(TRAINING, VALIDATION, languageModel);
    List<Document> others = new ArrayList<>(TRAINING.documents());
    for (int i = 0; i < 20; i++) {
      others.add(new Document("odd" + i, "another word .", null, "odd"));
    }
    LanguageModel other = LanguageModel.untrained(numbers, new Corpus(others));

    assertThatThrownBy(() -> trainer(folder, 1, () -> false).train(TRAINING, VALIDATION, other))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("was trained with another vocabulary");
  }

  @Test
  void doesNotGoOnFromOtherWeights() throws Exception {
    AtomicInteger steps = new AtomicInteger();
    trainer(folder, 1, () -> steps.incrementAndGet() == 3)
        .train(TRAINING, VALIDATION, languageModel);
    TextPipeline pipeline = languageModel.pipeline();
    LanguageModel other =
        new LanguageModel(
            languageModel.numbers(),
            pipeline,
            Parameters.languageModel(languageModel.numbers(), pipeline.vocabulary().size()));

    assertThatThrownBy(() -> trainer(folder, 1, () -> true).train(TRAINING, VALIDATION, other))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("trained from other weights than those of the model to start from");
    Path position = folder.resolve("checkpoint-3/position.json");
    Files.writeString(
        position, Files.readString(position).replaceFirst("\"start\":\"\\p{XDigit}+\",", ""));
    assertThat(trainer(folder, 1, () -> true).train(TRAINING, VALIDATION, other).steps())
        .isEqualTo(4);
  }

  @Test
  void refusesLayersThatAreNotThoseOfItsStart() {
    Hyperparameters wider = numbers.with(Map.of("nh", Integer.toString(numbers.nh() + 1)));

    assertThatThrownBy(
            () ->
                new ClassifierTrainer(wider, run(folder, 1, () -> false))
                    .train(TRAINING, VALIDATION, languageModel))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("of the model to start from. Leave them out.");
  }

  @Test
  void unfreezesTheLastLayerFirst() {
    Hyperparameters slow =
        numbers.with(Map.of("frozen", "0.5", "unfreeze", "1", "cycle_len", "0.5"));

    new ClassifierTrainer(slow, run(folder, 1, () -> false))
        .train(TRAINING, VALIDATION, languageModel);

    Parameters before = languageModel.parameters();
    Parameters after = Classifier.read(folder).parameters();
    for (String still : List.of(Parameters.EMBEDDING, "lstm.0.input", "lstm.0.hidden")) {
      assertThat(after.byName().get(still).values()).isEqualTo(before.byName().get(still).values());
    }
    assertThat(after.byName().get("lstm.1.hidden").values())
        .isNotEqualTo(before.byName().get("lstm.1.hidden").values());
  }

  @Test
  void learnsFromWhatATeacherMakesOfUnlabelledReviews() {
    new ModelExporter("test").export(Classifier.read(judge), "teacher", 1, folder.resolve("1"));
    List<Document> mostlyUnlabelled = new ArrayList<>(TRAINING.documents().subList(0, 8));
    for (Document document : TRAINING.documents().subList(8, 600)) {
      mostlyUnlabelled.add(new Document(document.id(), document.text(), null, document.group()));
    }
    Corpus corpus = new Corpus(mostlyUnlabelled);
    Path file = folder.resolve("soft-labels.jsonl");
    try (SentimentModel teacher = SentimentModel.load(folder.resolve("1"))) {
      new Labeller(SILENT).label(teacher, corpus.unlabelled()).write(file);
    }
    SoftLabels softLabels = SoftLabels.read(List.of(file), corpus.labels());
    Hyperparameters taught = numbers.with(Map.of("unlabelled", "74"));

    ClassifierTrainer.Outcome student =
        new ClassifierTrainer(taught, softLabels, run(folder.resolve("student"), 1, () -> false))
            .train(corpus, VALIDATION, languageModel);

    assertThat(softLabels.byId()).hasSize(592).doesNotContainKey("review-0");
    assertThat(student.accuracy()).isGreaterThan(0.95);
    assertThat(student.steps()).isEqualTo(2 * 600 / numbers.bs());
  }

  /** 1.1 - 1 is a little more than a tenth: a count that rounds otherwise starts Adam at step 0. */
  @Test
  void unfreezesAfterAnyPartOfAnEpoch() {
    int batches = 10;
    Map<String, String> tenths =
        Map.of("bs", Integer.toString(800 / batches), "frozen", "1.1", "cycle_len", "0.3");

    ClassifierTrainer.Outcome outcome =
        new ClassifierTrainer(numbers.with(tenths), run(folder, 1, () -> false))
            .train(TRAINING, VALIDATION, languageModel);

    assertThat(outcome.finished()).isTrue();
    assertThat(outcome.trainingLoss()).isFinite();
  }

  @Test
  void judgesAsTheModelThatIsExportedFromIt() {
    Classifier classifier = Classifier.read(judge);
    new ModelExporter("test").export(classifier, "test", 1, folder.resolve("1"));
    Labeller labeller = new Labeller(SILENT);

    SoftLabels own = labeller.label(classifier, VALIDATION, 2, Device.CPU);

    try (SentimentModel exported = SentimentModel.load(folder.resolve("1"))) {
      Map<String, float[]> rounded = labeller.label(exported, VALIDATION).byId();
      assertThat(own.labels()).isEqualTo(exported.labels());
      assertThat(own.byId()).hasSameSizeAs(rounded);
      // The exported model's weights have 8 bits.
      own.byId()
          .forEach((id, of) -> assertThat(of).containsExactly(rounded.get(id), within(0.03f)));
    }
  }

  @Test
  void refusesSoftLabelsThatItIsNotToldHowToUse() {
    SoftLabels softLabels =
        new SoftLabels(List.of("negative", "positive"), Map.of("1", new float[] {1, 0}));

    assertThatThrownBy(
            () -> new ClassifierTrainer(numbers, softLabels, run(folder, 1, () -> false)))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("unlabelled is 0.0 with 1 soft labels");
  }

  @Test
  void goesOnFromAClassifier() {
    Classifier first = Classifier.read(judge);
    Hyperparameters still = numbers.with(Map.of("frozen", "0", "lr", "1e-9"));

    new ClassifierTrainer(still, run(folder.resolve("more"), 1, () -> false))
        .train(TRAINING, VALIDATION, first);

    assertThat(Classifier.read(folder.resolve("more")).facts().validation().get("log_loss"))
        .isCloseTo(first.facts().validation().get("log_loss"), within(1e-3));
  }

  @Test
  void tellsThatItsStartJudgedBetter() {
    Hyperparameters harmful =
        numbers.with(Map.of("frozen", "0", "lr", "1", "lr_decay", "1", "cycle_len", "0.2"));
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    Progress progress = new Progress(new PrintStream(told, true, UTF_8), false);
    TrainingRun run = Synthetic.run(folder, 1, Duration.ofHours(1), progress, () -> false);

    Classifier start = Classifier.read(judge);
    AtomicInteger steps = new AtomicInteger();
    TrainingRun stopped =
        Synthetic.run(folder, 1, Duration.ofHours(1), progress, () -> steps.incrementAndGet() == 3);
    new ClassifierTrainer(harmful, stopped).train(TRAINING, VALIDATION, start);

    new ClassifierTrainer(harmful, run).train(TRAINING, VALIDATION, start);

    assertThat(told.toString(UTF_8))
        .containsOnlyOnce("start: validation accuracy ")
        .contains("resuming from ")
        .containsPattern("What it started from judges more of these reviews right, \\d\\d");
  }

  @Test
  void refusesSoftLabelsOfReviewsOfOneName() {
    List<Document> twice = new ArrayList<>(TRAINING.documents());
    for (String text : List.of("One text .", "Another text .")) {
      twice.add(new Document("student 7", text, null, "student 7"));
    }
    SoftLabels softLabels =
        new SoftLabels(TRAINING.labels(), Map.of("student 7", new float[] {1, 0}));
    Hyperparameters taught = numbers.with(Map.of("unlabelled", "0.1"));

    assertThatThrownBy(
            () ->
                new ClassifierTrainer(taught, softLabels, run(folder))
                    .train(new Corpus(twice), VALIDATION, languageModel))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("several reviews have the id 'student 7'");
  }

  @Test
  void judgesTheMeanOfSeveralThatWentOnFromTheSame() {
    Classifier first = Classifier.read(judge);
    List<Classifier> several = new ArrayList<>();
    for (String seed : List.of("7", "8")) {
      Path more = folder.resolve(seed);
      Hyperparameters another =
          numbers.with(Map.of("frozen", "0", "lr", "1e-3", "seed", seed, "cycle_len", "0.5"));
      new ClassifierTrainer(another, run(more)).train(TRAINING, VALIDATION, first);
      several.add(Classifier.read(more));
    }
    Hyperparameters nothingToLearn = numbers.with(Map.of("frozen", "0", "cycles", "0"));

    ClassifierTrainer.Outcome outcome =
        new ClassifierTrainer(nothingToLearn, run(folder.resolve("mean")))
            .train(TRAINING, VALIDATION, Classifier.mean(several));

    assertThat(outcome.steps()).isZero();
    Classifier mean = Classifier.read(folder.resolve("mean"));
    mean.parameters()
        .byName()
        .forEach(
            (name, array) -> {
              float[] one = several.get(0).parameters().byName().get(name).values();
              float[] other = several.get(1).parameters().byName().get(name).values();
              for (int i = 0; i < one.length; i++) {
                assertThat(array.values()[i]).isCloseTo((one[i] + other[i]) / 2, within(2e-3f));
              }
            });
    assertThat(mean.parameters().byName().get("lstm.1.hidden").values())
        .isNotEqualTo(several.get(0).parameters().byName().get("lstm.1.hidden").values());
    double worse =
        several.stream()
            .mapToDouble(one -> one.facts().validation().get("log_loss"))
            .max()
            .orElse(0);
    assertThat(mean.facts().validation().get("log_loss")).isLessThan(worse + 0.01);
  }

  @Test
  void refusesTheMeanOfWhatIsNotAlike() {
    new ClassifierTrainer(numbers, run(folder.resolve("others")))
        .train(stars(TRAINING), stars(VALIDATION), languageModel);
    Classifier first = Classifier.read(judge);
    Classifier others = Classifier.read(folder.resolve("others"));
    Parameters narrower =
        Classifier.fresh(numbers.with(Map.of("nh", "16")), first.pipeline().vocabulary().size(), 2);

    assertThatThrownBy(() -> Classifier.mean(List.of(first, others)))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("[negative, positive] and [1 star, 5 stars, odd] have no mean");
    assertThatThrownBy(
            () ->
                Classifier.mean(
                    List.of(first, new Classifier(first.facts(), first.pipeline(), narrower))))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("lstm.0.bias=[64]")
        .hasMessageContaining("lstm.0.bias=[128]");
  }

  @Test
  void goesOnFromAClassifierOfOtherLabels() {
    Classifier first = Classifier.read(judge);

    new ClassifierTrainer(numbers, run(folder.resolve("others")))
        .train(stars(TRAINING), stars(VALIDATION), first);

    Classifier others = Classifier.read(folder.resolve("others"));
    assertThat(others.facts().labels()).containsExactly("1 star", "5 stars", "odd");
    assertThat(others.facts().validation().get("accuracy")).isGreaterThan(0.9);
  }

  @Test
  void goesOnFromAnExportedModel() {
    Classifier first = Classifier.read(judge);
    Path model = folder.resolve("model/1");
    new ModelExporter("test").export(first, "synthetic", 1, model);

    Classifier exported = Classifier.ofModel(model).orElseThrow();

    assertThat(exported.facts().labels()).isEqualTo(first.facts().labels());
    assertThat(exported.parameters().byName())
        .containsOnlyKeys(first.parameters().byName().keySet());
    Hyperparameters still = numbers.with(Map.of("frozen", "0", "lr", "1e-9"));
    new ClassifierTrainer(still, run(folder.resolve("more"), 1, () -> false))
        .train(TRAINING, VALIDATION, exported);
    assertThat(Classifier.read(folder.resolve("more")).facts().validation().get("log_loss"))
        .isCloseTo(first.facts().validation().get("log_loss"), within(1e-2));
  }

  private static TrainingRun run(Path out) {
    return Synthetic.run(out, 1, Duration.ofHours(1), SILENT, () -> false);
  }

  private static Corpus stars(Corpus corpus) {
    List<Document> documents = new ArrayList<>();
    for (Document document : corpus.documents()) {
      String label = document.label().equals("positive") ? "5 stars" : "1 star";
      documents.add(new Document(document.id(), document.text(), label, document.group()));
    }
    documents.add(new Document("odd 1", "odd .", "odd", "odd"));
    documents.add(new Document("odd 2", "odd .", "odd", "odd"));
    return new Corpus(documents);
  }

  @Test
  void learnsFromFewerReviewsThanABatchAndSaysWhatTheHeldOutOnesCannotTell() {
    Corpus few = new Corpus(TRAINING.documents().subList(0, 6));
    String only = few.labels().get(0);
    List<Document> held = new ArrayList<>();
    for (Document document : VALIDATION.documents()) {
      if (document.label().equals(only)) {
        held.add(document);
      }
    }
    held.add(new Document("odd", "the kettle is green .", "green", "odd"));
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    Progress progress = new Progress(new PrintStream(told, true, UTF_8), false);

    ClassifierTrainer.Outcome outcome =
        new ClassifierTrainer(
                numbers, Synthetic.run(folder, 2, Duration.ofHours(1), progress, () -> false))
            .train(few, new Corpus(held), languageModel);

    assertThat(outcome.finished()).isTrue();
    assertThat(Classifier.read(folder).facts().validation()).doesNotContainKey("auc");
    assertThat(told.toString(UTF_8))
        .contains("no held-out review is labelled 'positive'")
        .contains("1 held-out reviews have labels that none to learn has");
  }

  @Test
  void namesTheStepWhoseLossIsNoNumber() {
    Hyperparameters far = numbers.with(Map.of("frozen_lr", "1e38"));
    TrainingRun run = Synthetic.run(folder, 1, Duration.ZERO, SILENT, () -> false);

    assertThatThrownBy(
            () -> new ClassifierTrainer(far, run).train(TRAINING, VALIDATION, languageModel))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll("no number at step 2", "start again");
    assertThat(folder).isDirectoryNotContaining("glob:**/checkpoint-*");
  }

  @Test
  void refusesALabelThatOccursOnce() {
    assertRefusedWithLabel("green", "'green' occurs once");
  }

  @Test
  void refusesTheLabelThatStandsForNone() {
    assertRefusedWithLabel("uncertain", "'uncertain' cannot be learned");
  }

  private void assertRefusedWithLabel(String label, String message) {
    List<Document> documents = new ArrayList<>(TRAINING.documents());
    documents.add(new Document("odd", "the kettle is green .", label, "odd"));

    assertThatThrownBy(
            () ->
                trainer(folder, 1, () -> false)
                    .train(new Corpus(documents), VALIDATION, languageModel))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(message);
  }

  private static ClassifierTrainer trainer(Path out, int towers, BooleanSupplier stop) {
    return new ClassifierTrainer(numbers, run(out, towers, stop));
  }

  private static TrainingRun run(Path out, int towers, BooleanSupplier stop) {
    return Synthetic.run(out, towers, Duration.ofHours(1), SILENT, stop);
  }
}
