package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokersTest {

  @Test
  void saysWhatIsWrongAlsoWhenNoOptionNamesThem() {
    Brokers brokers = new Brokers("localhost:9092");

    assertThatThrownBy(() -> brokers.settings(Map.of("valence.input.format", "papyrus")))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContainingAll("valence.input.format", "papyrus");
  }
}
