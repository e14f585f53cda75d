package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.text.TextRules;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetokenizerTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "it's not bad, but it isn't good either.",
        "i won't deny it; they've tried (and failed), haven't they?",
        "she said \"never again\" and left...",
        "a well-made film, 7/10 and/or 8 out of 10!",
        "the actors' names are in 'the end', i'm told.",
        "they spent $80 million on this?!",
        "first part.\n\nsecond part: better.",
        "90% of it",
        "i cant say that i didnt like it, but i gotta see more, and i'm gonna"
      })
  void restoresWhatATokenizerTookApart(String text) {
    assertThat(Detokenizer.join(TextRules.seed().tokens(text))).isEqualTo(text);
  }
}
