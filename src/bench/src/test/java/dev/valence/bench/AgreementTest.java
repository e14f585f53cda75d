package dev.valence.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.cli.CommandFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgreementTest {

  private final List<String> told = new ArrayList<>();

  @Test
  void leavesOutAnEngineThatScoresOtherwise() {
    Map<Contender, Figures> measured =
        Map.of(
            Contender.D_FP32, differing(0.0),
            Contender.TORCH, differing(0.18),
            Contender.ONNX, differing(0.0009),
            Contender.ONNX_INT8, differing(0.02));

    assertThat(Agreement.among(measured, told::add).keySet())
        .containsExactly(Contender.D_FP32, Contender.ONNX, Contender.ONNX_INT8);
    assertThat(told)
        .singleElement()
        .asString()
        .startsWith(
            "g (PyTorch, batches of 64, fp32) gives other probabilities than Valence, by up to"
                + " 0.1800: left out.");
  }

  @Test
  void leavesOutEightBitsThatOverflow() {
    Map<Contender, Figures> measured = Map.of(Contender.ONNX_INT8, differing(0.06));

    assertThat(Agreement.among(measured, told::add)).isEmpty();
    assertThat(told).singleElement().asString().endsWith("by up to 0.0600: left out.");
  }

  @Test
  void stopsWhereTensorFlowItselfScoresOtherwise() {
    Map<Contender, Figures> measured = Map.of(Contender.C, differing(0.0011));

    assertThatThrownBy(() -> Agreement.among(measured, told::add))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("by up to 0.0011: it is not the same model");
  }

  @Test
  void keepsWhatThereIsNothingToCompareBy() {
    Map<Contender, Figures> measured = Map.of(Contender.TORCH, differing(null));

    assertThat(Agreement.among(measured, told::add)).isEqualTo(measured);
    assertThat(told).isEmpty();
  }

  private static Figures differing(Double largestDifference) {
    return new Figures(
        "an engine",
        "fp32",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        largestDifference,
        null);
  }
}
