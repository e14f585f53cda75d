package dev.valence.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.valence.model.InvalidModelException;
import dev.valence.model.Precision;
import dev.valence.model.SentimentModel;
import dev.valence.model.TinyModel;
import dev.valence.text.ReadingOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each engine is given the weights of one model, and must make of it what Valence makes of it. */
class EnginesTest {

  private static final int[][] REVIEWS = RandomModel.reviews(1, 40, 16, 17, 3, 70, 70, 2);

  @TempDir static Path folder;

  private static Path model;
  private static Network network;
  private static float[][] expected;

  @BeforeAll
  static void scoreWithValence() {
    model = folder.resolve("model");
    RandomModel.write(model);
    network = NetworkReader.read(model);
    try (Engine valence =
        new ValenceEngine(SentimentModel.load(model, Precision.FP32, List.of()))) {
      expected = valence.probabilities(REVIEWS);
    }
    assertThat(expected[0][0]).isNotCloseTo(expected[1][0], within(0.02f));
  }

  @Test
  void scoresTheSameInAPlainSavedModel() {
    assertAgrees(new PlainSavedModel(model, 1), 1e-5f);
  }

  @Test
  void scoresTheSameInPyTorch() {
    assertAgrees(new TorchEngine(network), 1e-5f);
  }

  @Test
  void scoresTheSameInPyTorchWithWeightsFromAFile() throws IOException {
    Path file = folder.resolve("network");
    network.write(file);

    assertAgrees(new TorchEngine(Network.read(file)), 1e-5f);
  }

  @Test
  void scoresTheSameInOnnxRuntime() throws IOException {
    Path file = folder.resolve("fp32.onnx");
    OnnxFile.write(network, false, file);

    assertAgrees(new OnnxEngine(file, network.order()), 1e-5f);
  }

  @Test
  void scoresAlmostTheSameInOnnxRuntimeWithEightBits() throws IOException {
    Path file = folder.resolve("int8.onnx");
    OnnxFile.write(network, true, file);

    assertAgrees(new OnnxEngine(file, network.order()), 0.02f);
  }

  @Test
  void scoresTheSameWhereTheModelReadsFromTheEnd() throws IOException {
    Path backwards = folder.resolve("backwards");
    RandomModel.write(backwards, ReadingOrder.BACKWARDS);
    Network reversed = NetworkReader.read(backwards);
    Path file = folder.resolve("backwards.onnx");
    OnnxFile.write(reversed, false, file);

    try (Engine valence =
            new ValenceEngine(SentimentModel.load(backwards, Precision.FP32, List.of()));
        Engine plain = new PlainSavedModel(backwards, 1);
        Engine torch = new TorchEngine(reversed);
        Engine onnx = new OnnxEngine(file, reversed.order())) {
      float[][] right = valence.probabilities(REVIEWS);
      assertThat(right[1][0]).isNotCloseTo(expected[1][0], within(1e-3f));
      for (Engine engine : List.of(plain, torch, onnx)) {
        float[][] probabilities = engine.probabilities(REVIEWS);
        for (int review = 0; review < REVIEWS.length; review++) {
          assertThat(probabilities[review]).containsExactly(right[review], within(1e-5f));
        }
      }
    }
  }

  @Test
  void refusesAModelOfAnotherArchitecture() {
    Path tiny = folder.resolve("tiny");
    TinyModel.write(tiny);

    assertThatThrownBy(() -> NetworkReader.read(tiny))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith("the model in " + tiny + " is not a stack of LSTMs");
  }

  private static void assertAgrees(Engine engine, float tolerance) {
    try (engine) {
      float[][] together = engine.probabilities(REVIEWS);
      for (int review = 0; review < REVIEWS.length; review++) {
        float[][] alone = engine.probabilities(new int[][] {REVIEWS[review]});
        assertThat(together[review]).containsExactly(expected[review], within(tolerance));
        assertThat(alone[0]).containsExactly(expected[review], within(tolerance));
      }
    }
  }
}
