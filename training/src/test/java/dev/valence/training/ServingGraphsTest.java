package dev.valence.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.valence.model.InvalidModelException;
import dev.valence.model.ModelLoader;
import dev.valence.model.ModelManifest;
import dev.valence.model.Precision;
import dev.valence.model.SentimentModel;
import dev.valence.text.ReadingOrder;
import dev.valence.text.TextPipeline;
import dev.valence.text.TextRules;
import dev.valence.text.Truncation;
import dev.valence.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

class ServingGraphsTest {
  private static final int WORDS = 500;

  @TempDir static Path folder;

  private static Classifier trained;
  private static Path exported;
  private static Path backwards;

  @BeforeAll
  static void exportRandomWeights() {
    Hyperparameters numbers =
        Preset.SEED
            .classifier()
            .with(Map.of("em_sz", "24", "nh", "40", "nl", "3", "head_size", "16"));
    Map<String, Long> counts =
        IntStream.range(0, WORDS)
            .boxed()
            .collect(Collectors.toMap(i -> "word" + i, i -> 1L, (a, b) -> a, TreeMap::new));
    TextPipeline pipeline =
        new TextPipeline(
            TextRules.seed(),
            Vocabulary.build(counts, 1, Integer.MAX_VALUE),
            new Truncation(200_000, 2_000));
    Classifier.Facts facts =
        new Classifier.Facts(
            numbers.toJson(), List.of("negative", "positive"), "none", 1, Map.of("accuracy", 0.5));
    Parameters parameters = asAfterTraining(numbers, pipeline, 3);
    exported = folder.resolve("exported");
    trained = new Classifier(facts, pipeline, parameters);
    new ModelExporter("test").export(trained, "random", 1, exported);
    backwards = folder.resolve("backwards");
    new ModelExporter("test").export(readingBackwards(trained), "random", 1, backwards);
  }

  /** Outputs of every layer fill their range, features differ. */
  private static Parameters asAfterTraining(
      Hyperparameters numbers, TextPipeline pipeline, float lstm) {
    Parameters parameters = Classifier.fresh(numbers, pipeline.vocabulary().size(), 2);
    parameters
        .byName()
        .forEach((name, array) -> multiply(array.values(), name.startsWith("lstm") ? lstm : 5));
    Arrays.fill(parameters.byName().get(ClassifierHead.SCALE).values(), 1);
    return parameters;
  }

  private static Classifier readingBackwards(Classifier classifier) {
    Hyperparameters numbers = classifier.facts().numbers().with(Map.of("backwards", "true"));
    return new Classifier(
        of(classifier.facts(), numbers), classifier.pipeline(), classifier.parameters());
  }

  private static Classifier.Facts of(Classifier.Facts facts, Hyperparameters numbers) {
    return new Classifier.Facts(
        numbers.toJson(), facts.labels(), facts.corpus(), facts.temperature(), facts.validation());
  }

  private static void multiply(float[] values, float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  @Test
  void readsInChunksWhatServingDefaultReadsAtOnce() {
    int[][] ids = reviews(1, 15, 16, 17, 32, 33, 70, 5);

    assertClose(probabilities(exported, Precision.FP32, ids), servingDefault(exported, ids), 1e-5f);
  }

  @Test
  void readsFromTheEndWhenItLearnedTo() {
    int[][] ids = reviews(1, 2, 15, 16, 17, 32, 33, 70, 5);
    int[][] turned = Arrays.stream(ids).map(ReadingOrder.BACKWARDS::of).toArray(int[][]::new);

    float[][] expected = servingDefault(exported, turned);

    float[][] forwards = servingDefault(exported, ids);
    assertThat(IntStream.range(0, ids.length))
        .anySatisfy(
            review ->
                assertThat(forwards[review][0]).isNotCloseTo(expected[review][0], within(0.1f)));
    assertClose(servingDefault(backwards, ids), expected, 1e-5f);
    assertClose(probabilities(backwards, Precision.FP32, ids), expected, 1e-5f);
    assertClose(
        probabilities(backwards, Precision.INT8, ids),
        probabilities(exported, Precision.INT8, turned),
        2e-3f);
  }

  @Test
  void knowsItsVocabularyWhicheverWayItReads() throws Exception {
    Path other = copyOf(backwards, "other-vocabulary");
    Path vocabulary = other.resolve("assets/vocabulary.txt");
    replace(
        other, "assets/vocabulary.txt", (Files.readString(vocabulary) + "more\n").getBytes(UTF_8));

    assertThatThrownBy(() -> SentimentModel.load(other))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("the embedding has 503 rows");
  }

  @Test
  void judgesInEightBitsAlmostAsInFloats() {
    int[][] ids = reviews(1, 15, 16, 17, 32, 33, 70, 5, 100, 100, 3, 48);

    float[][] floats = probabilities(exported, Precision.FP32, ids);

    assertThat(floats[0][0]).isNotCloseTo(floats[8][0], within(0.1f));
    assertClose(probabilities(exported, Precision.INT8, ids), floats, 0.02f);
  }

  /** Codes would all be the largest, and what two of them add not fit into 16 bits without VNNI. */
  @ParameterizedTest
  @ValueSource(strings = {"24", "23", "301"})
  void judgesInEightBitsAlmostAsInFloatsWhereWeightsAreAlike(String width) {
    Hyperparameters numbers = trained.facts().numbers().with(Map.of("em_sz", width, "nl", "1"));
    Parameters parameters = asAfterTraining(numbers, trained.pipeline(), 1);
    for (String name : List.of("input", "hidden")) {
      makeAlike(parameters.byName().get(Parameters.lstm(0, name)));
    }
    Path alike = folder.resolve("alike-" + width);
    new ModelExporter("test")
        .export(
            new Classifier(of(trained.facts(), numbers), trained.pipeline(), parameters),
            "alike",
            1,
            alike);
    int[][] ids = reviews(1, 15, 16, 70, 5, 100, 3, 48);

    float[][] floats = probabilities(alike, Precision.FP32, ids);

    DoubleSummaryStatistics negative =
        Arrays.stream(floats).mapToDouble(row -> row[0]).summaryStatistics();
    assertThat(negative.getMax() - negative.getMin()).isGreaterThan(0.1);
    assertClose(probabilities(alike, Precision.INT8, ids), floats, 0.01f);
  }

  /** Of one size, and in a column of one sign for sixteen rows. */
  private static void makeAlike(Parameters.Array matrix) {
    float[] values = matrix.values();
    int columns = Math.toIntExact(matrix.shape()[1]);
    float size = Math.abs(values[0]);
    for (float value : values) {
      size = Math.max(size, Math.abs(value));
    }
    for (int i = 0; i < values.length; i++) {
      int first = i / columns / 16 * 16 * columns + i % columns;
      values[i] = Math.copySign(size / 2, values[first]);
    }
  }

  @Test
  void judgesInEightBitsTheSameWhateverElseIsInTheBatch() {
    int[][] ids = reviews(1, 15, 16, 17, 32, 33, 70, 5, 100, 100, 3, 48);

    try (SentimentModel model = SentimentModel.load(exported, Precision.INT8, List.of())) {
      float[][] together = model.probabilities(ids);
      for (int review = 0; review < ids.length; review++) {
        float[][] alone = model.probabilities(new int[][] {ids[review]});
        assertThat(together[review]).containsExactly(alone[0], within(2e-3f));
      }
    }
  }

  @Test
  void readsMoreReviewsThanHaveRoomSideBySide() {
    int[][] ids = reviews(new Random(5).ints(300, 1, 90).toArray());

    float[][] together = probabilities(exported, Precision.INT8, ids);

    assertClose(probabilities(exported, Precision.FP32, ids), servingDefault(exported, ids), 1e-5f);
    try (SentimentModel model = SentimentModel.load(exported, Precision.INT8, List.of())) {
      for (int review = 0; review < ids.length; review++) {
        float[][] alone = model.probabilities(new int[][] {ids[review]});
        assertThat(together[review]).containsExactly(alone[0], within(2e-3f));
      }
    }
  }

  @Test
  void readsWhatWasExportedForSoManyStepsACall() throws Exception {
    int[][] ids = reviews(1, 7, 8, 9, 70, 5);
    Path fixed = copyOf(exported, "fixed");
    SavedModel.Builder model =
        SavedModel.parseFrom(Files.readAllBytes(fixed.resolve("saved_model.pb"))).toBuilder();
    MetaGraphDef.Builder graph = model.getMetaGraphsBuilder(1);
    SignatureDef.Builder reading = graph.getSignatureDefOrThrow("read_chunk").toBuilder();
    TensorInfo.Builder tokens = reading.getInputsOrThrow("token_ids").toBuilder();
    tokens.getTensorShapeBuilder().getDimBuilder(0).setSize(8);
    graph.putSignatureDef("read_chunk", reading.putInputs("token_ids", tokens.build()).build());
    replace(fixed, "saved_model.pb", model.build().toByteArray());

    assertClose(
        probabilities(fixed, Precision.INT8, ids),
        probabilities(exported, Precision.INT8, ids),
        2e-3f);
    try (SentimentModel codes = SentimentModel.load(fixed, Precision.INT8, List.of())) {
      assertThat(codes.cells(new int[] {33})).isEqualTo(2 * 40);
    }
  }

  @Test
  void tellsWhatItComputesForABatch() {
    int[] lengths = {16, 16, 16, 16, 16, 32, 16, 16, 16, 16};

    try (SentimentModel floats = SentimentModel.load(exported, Precision.FP32, List.of());
        SentimentModel codes = SentimentModel.load(exported, Precision.INT8, List.of())) {
      assertThat(floats.cells(new int[] {33})).isEqualTo(33);
      assertThat(codes.cells(new int[] {33})).isEqualTo(2 * 33);
      assertThat(codes.cells(lengths)).isEqualTo(10 * 16 + 2 * 16);
      assertThat(floats.cells(lengths)).isEqualTo(10 * 16 + 16);
    }
  }

  @Test
  void keepsOneByteAWeight() throws IOException {
    long weights = 503L * 24 + (24 + 40) * 160 + (40 + 40) * 160 + (40 + 24) * 96;

    assertThat(Files.size(exported.resolve("variables/variables.data-00000-of-00001")))
        .isBetween(weights, weights + 12_000);
  }

  @Test
  void keepsWhatWasLearnedByMovesOfLessThanACode() {
    Classifier start = new ExportedModel(exported).classifier().orElseThrow();
    String moved = Parameters.lstm(1, "hidden");
    float[] before = start.parameters().byName().get(moved).values();
    float[] learned = before.clone();
    // A code is about 0.006, and the largest weights, or two of them, decide what it is.
    for (int i = 0; i < learned.length; i++) {
      learned[i] += Math.abs(learned[i]) < 0.4f ? 0.0008f : 0;
    }
    Parameters.Array array =
        new Parameters.Array(start.parameters().byName().get(moved).shape(), learned);
    Parameters weights = start.parameters().with(new Parameters(Map.of(moved, array)));
    Path next = folder.resolve("next");

    new ModelExporter("test")
        .export(new Classifier(start.facts(), start.pipeline(), weights), "random", 2, next);

    float[] after =
        new ExportedModel(next)
            .classifier()
            .orElseThrow()
            .parameters()
            .byName()
            .get(moved)
            .values();
    assertThat(meanDifference(after, before))
        .isCloseTo(meanDifference(learned, before), within(0.0001));
  }

  @Test
  void exportsWhatWasExportedAgainInTheSameCodes() throws IOException {
    Path again = folder.resolve("exported-again");

    new ModelExporter("test")
        .export(new ExportedModel(exported).classifier().orElseThrow(), "random", 2, again);

    String variables = "variables/variables.data-00000-of-00001";
    byte[] before = Files.readAllBytes(exported.resolve(variables));
    byte[] after = Files.readAllBytes(again.resolve(variables));
    assertThat(IntStream.range(0, before.length).filter(i -> before[i] != after[i]).count())
        .isLessThan(10);
  }

  @Test
  void roundsTheSameWeightsAlike() {
    ModelManifest again =
        new ModelExporter("test").export(trained, "random", 1, folder.resolve("again"));

    String variables = "variables/variables.data-00000-of-00001";
    assertThat(again.files().get(variables))
        .isEqualTo(ModelManifest.read(exported).files().get(variables));
  }

  private static double meanDifference(float[] values, float[] others) {
    return IntStream.range(0, values.length)
        .mapToDouble(i -> values[i] - others[i])
        .average()
        .orElseThrow();
  }

  @Test
  void scoresInFloatsWhereEightBitsAreWrong() throws Exception {
    Path broken = copyWithBrokenEightBits("broken");

    assertThatThrownBy(() -> SentimentModel.load(broken, Precision.INT8, List.of()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("golden review");
    try (SentimentModel model = SentimentModel.load(broken)) {
      assertThat(model.precision()).isEqualTo(Precision.FP32);
    }
  }

  @Test
  void choosesThePrecisionOnceForAllVersionsOfTheSameWidths() throws Exception {
    Path broken = copyWithBrokenEightBits("broken-later");
    ModelLoader loader = new ModelLoader(Precision.AUTO);
    List<Precision> chosen = new ArrayList<>();

    for (int version = 0; version < 5; version++) {
      try (SentimentModel model = loader.loadBesideAnother(exported, List.of())) {
        chosen.add(model.precision());
      }
    }

    assertThat(chosen).containsOnly(chosen.get(0));
    try (SentimentModel model = loader.loadBesideAnother(broken, List.of())) {
      assertThat(model.precision()).isEqualTo(Precision.FP32);
    }
  }

  @Test
  void exportsFloatsOnlyWhenOutputsAreTooSmallForEightBits() {
    Parameters untrained =
        Classifier.fresh(trained.facts().numbers(), trained.pipeline().vocabulary().size(), 2);
    multiply(untrained.byName().get(Parameters.EMBEDDING).values(), 0.05f);
    Arrays.fill(untrained.byName().get(ClassifierHead.SCALE).values(), 3_000);

    Path floats = folder.resolve("floats");
    new ModelExporter("test")
        .export(new Classifier(trained.facts(), trained.pipeline(), untrained), "small", 1, floats);

    assertThatThrownBy(() -> SentimentModel.load(floats, Precision.INT8, List.of()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("has no graph of the precision int8");
    try (SentimentModel model = SentimentModel.load(floats)) {
      assertThat(model.precision()).isEqualTo(Precision.FP32);
    }
  }

  /** The gates' sigmoids become hyperbolic tangents. */
  private static Path copyWithBrokenEightBits(String name) throws Exception {
    Path copy = copyOf(exported, name);
    Path graph = copy.resolve("saved_model.pb");
    SavedModel.Builder model = SavedModel.parseFrom(Files.readAllBytes(graph)).toBuilder();
    model
        .getMetaGraphsBuilder(1)
        .getGraphDefBuilder()
        .getLibraryBuilder()
        .getFunctionBuilderList()
        .forEach(
            function ->
                function
                    .getNodeDefBuilderList()
                    .forEach(
                        node -> {
                          if (node.getOp().equals("_QuantizedMatMul")) {
                            var fused = node.getAttrOrThrow("fused_ops").toBuilder();
                            fused.getListBuilder().setS(1, ByteString.copyFromUtf8("Tanh"));
                            node.putAttr("fused_ops", fused.build());
                          }
                        }));
    replace(copy, "saved_model.pb", model.build().toByteArray());
    return copy;
  }

  private static Path copyOf(Path directory, String name) throws IOException {
    Path copy = folder.resolve(name);
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(directory.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    return copy;
  }

  /** Writes a file of the model, and its digest into the manifest. */
  private static void replace(Path directory, String file, byte[] bytes) throws Exception {
    Files.write(directory.resolve(file), bytes);
    Path manifest = directory.resolve("manifest.json");
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(manifest.toFile());
    ((ObjectNode) json.get("files").get(file))
        .put("size", bytes.length)
        .put(
            "sha256", HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    Files.write(manifest, json.toString().getBytes(UTF_8));
  }

  private static float[][] probabilities(Path directory, Precision precision, int[][] ids) {
    try (SentimentModel model = SentimentModel.load(directory, precision, List.of())) {
      assertThat(model.precision()).isEqualTo(precision);
      return model.probabilities(ids);
    }
  }

  /** As any other program would call it. */
  private static float[][] servingDefault(Path directory, int[][] ids) {
    int batch = ids.length;
    int[] lengths = IntStream.range(0, batch).map(review -> ids[review].length).toArray();
    int time = IntStream.of(lengths).max().getAsInt();
    int[] padded = new int[time * batch];
    for (int review = 0; review < batch; review++) {
      for (int step = 0; step < time; step++) {
        padded[step * batch + review] =
            step < lengths[review] ? ids[review][step] : Vocabulary.PADDING_ID;
      }
    }
    try (SavedModelBundle bundle = SavedModelBundle.load(directory.toString(), "serve")) {
      SignatureDef signature = bundle.metaGraphDef().getSignatureDefMap().get("serving_default");
      try (TInt32 tokens = TInt32.tensorOf(Shape.of(time, batch), DataBuffers.of(padded));
          TInt32 ends = TInt32.vectorOf(lengths);
          Result result =
              bundle
                  .session()
                  .runner()
                  .feed(signature.getInputsOrThrow("token_ids").getName(), tokens)
                  .feed(signature.getInputsOrThrow("lengths").getName(), ends)
                  .fetch(signature.getOutputsOrThrow("probabilities").getName())
                  .run()) {
        TFloat32 probabilities = (TFloat32) result.get(0);
        float[][] rows = new float[batch][2];
        for (int review = 0; review < batch; review++) {
          for (int label = 0; label < 2; label++) {
            rows[review][label] = probabilities.getFloat(review, label);
          }
        }
        return rows;
      }
    }
  }

  private static void assertClose(float[][] actual, float[][] expected, float tolerance) {
    assertThat(actual).hasDimensions(expected.length, 2);
    for (int review = 0; review < expected.length; review++) {
      assertThat(actual[review]).containsExactly(expected[review], within(tolerance));
    }
  }

  private static int[][] reviews(int... lengths) {
    Random random = new Random(7);
    return IntStream.of(lengths)
        .mapToObj(length -> random.ints(length, 3, WORDS).toArray())
        .toArray(int[][]::new);
  }
}
