package dev.valence.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A megabyte of the same few characters, for which anything worse than linear time would take hours
 * and recursion would overflow the stack. The bound is far from what a slow machine needs.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class HostileTextTest {

  private static final int LENGTH = 1_000_000;

  private final SpacyTokenizer tokenizer = new SpacyTokenizer();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a", "..a", "(", ")", "a-", "a.a@", "://", "1.1.", "😀", "日", " ", "a ", ": ) ", ":))))",
        "don't"
      })
  void takesLinearTimeWhateverIsRepeated(String piece) {
    String text = piece.repeat(LENGTH / piece.length());

    assertThat(rebuilt(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.", "(", "@a.b", "1."})
  void takesLinearTimeWhenOnlyTheLastCharacterSpoilsTheWord(String piece) {
    String text = "x" + piece.repeat(LENGTH / piece.length()) + "!x";

    assertThat(rebuilt(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"< ", "<br", "a ", "so ", "&a", "Aa", " ", "..."})
  void rewritesInLinearTime(String piece) {
    String text = piece.repeat(LENGTH / piece.length()) + "b";

    for (TextRule rule : TextRule.values()) {
      assertThat(rule.apply(text)).as(rule.name()).isNotEmpty();
    }
  }

  private String rebuilt(String text) {
    StringBuilder rebuilt = new StringBuilder(text.length());
    for (Token token : tokenizer.tokenize(text)) {
      rebuilt.append(token.text()).append(token.spaceAfter() ? " " : "");
    }
    return rebuilt.toString();
  }
}
