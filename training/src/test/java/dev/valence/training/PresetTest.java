package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PresetTest {

  @Test
  void ulmfitHasItsPapersLayers() {
    assertThat(Preset.ULMFIT.languageModel().widths()).containsExactly(400, 1150, 1150, 400);
    assertThat(Preset.ULMFIT.classifier().widths()).containsExactly(400, 1150, 1150, 400);
  }

  @Test
  void seedHasTheExperimentsLayers() {
    assertThat(Preset.SEED.languageModel().widths()).containsExactly(200, 500, 500, 200);
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void holdsNumbersThatARunAccepts(Preset preset) {
    assertThat(preset.languageModel().with(Map.of())).isEqualTo(preset.languageModel());
    assertThat(preset.classifier().with(Map.of())).isEqualTo(preset.classifier());
  }
}
