package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HyperparametersTest {
  /** Numbers as the first language models were written with. */
  private static final String FIRST =
      """
      {"bs":64,"bptt":70,"min_freq":10,"max_vocab":60000,"em_sz":200,"nh":400,"nl":3,"dropouti":0.05,
       "dropout":0.05,"wdrop":0.1,"dropoute":0.02,"dropouth":0.05,"drop_mult":0.2,"alpha":2.0,
       "beta":1.0,"clip":0.3,"lr":0.004,"lr_decay":1.0,"beta1":0.7,"beta2":0.99,"wds":1.0E-6,
       "warmup":0.03,"cycles":2,"cycle_len":1.0,"cycle_mult":2.0,"frozen":0.0,"frozen_lr":0.0,
       "candidates":1500,"head_size":0,"max_tokens":0,"seed":1}
      """;

  @Test
  void readsNumbersThatWereWrittenBeforeSomeWereAdded() {
    Hyperparameters numbers = Hyperparameters.fromJson(FIRST);

    assertThat(numbers)
        .isEqualTo(
            Preset.SEED
                .languageModel()
                .with(
                    Map.of(
                        "nh",
                        "400",
                        "drop_mult",
                        "0.2",
                        "cycles",
                        "2",
                        "lr",
                        "4e-3",
                        "warmup",
                        "0.03",
                        "candidates",
                        "1500")));
    assertThat(numbers.schedule()).isEqualTo(Schedule.COSINE);
    assertThat(numbers.backwards()).isFalse();
  }

  @Test
  void readsBackWhatItWrote() {
    Hyperparameters numbers =
        Preset.SEED.classifier().with(Map.of("schedule", "one_cycle", "warmup", "0.4"));

    assertThat(Hyperparameters.fromJson(numbers.toJson())).isEqualTo(numbers);
    assertThat(numbers.byName()).containsEntry("schedule", "one_cycle");
  }

  @Test
  void namesWhatIsWrong() {
    Hyperparameters numbers = Preset.SEED.classifier();

    assertThatThrownBy(() -> numbers.with(Map.of("schedule", "exponential")))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("exponential")
        .hasMessageContaining("slanted_triangular");
    assertThatThrownBy(() -> numbers.with(Map.of("schedule", "one_cycle", "warmup", "0.95")))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("warmup must be below 0.9");
    assertThatThrownBy(() -> numbers.with(Map.of("lr", "fast")))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("lr is not a number: 'fast'");
    assertThatThrownBy(() -> numbers.with(Map.of("backwards", "yes")))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("backwards is not true or false: 'yes'");
    for (String value : new String[] {"", " ", "null"}) {
      assertThatThrownBy(() -> numbers.with(Map.of("drop_mult", value)))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("drop_mult is not a number: '" + value + "'");
      assertThatThrownBy(() -> numbers.with(Map.of("backwards", value)))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("backwards is not true or false: '" + value + "'");
      assertThatThrownBy(() -> numbers.with(Map.of("schedule", value)))
          .isInstanceOf(TrainingException.class);
    }
    for (String value : new String[] {"3.7", "7 x", "true", "\"7\""}) {
      assertThatThrownBy(() -> numbers.with(Map.of("bs", value)))
          .as(value)
          .isInstanceOf(TrainingException.class);
    }
    assertThatThrownBy(() -> numbers.with(Map.of("backwards", "1")))
        .isInstanceOf(TrainingException.class);
    assertThatThrownBy(() -> numbers.with(Map.of("max_vocab", "2")))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("max_vocab must be at least 3: 2");
    assertThatThrownBy(() -> numbers.with(Map.of("wds", "-1")))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("wds must not be negative: -1");
    assertThatThrownBy(() -> numbers.with(Map.of("max_tokens", "1")).requireClassifier())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("max_tokens must be at least 2: 1");
  }
}
