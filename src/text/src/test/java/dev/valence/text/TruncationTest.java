package dev.valence.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class TruncationTest {

  @Property(tries = 300)
  void keepsShortTextsAndBoundsLongOnes(
      @ForAll @StringLength(max = 60) String text, @ForAll @IntRange(min = 3, max = 50) int bound) {
    String kept = new Truncation(bound, 2).cut(text);

    assertThat(kept.length()).isLessThanOrEqualTo(bound);
    if (text.length() <= bound) {
      assertThat(kept).isEqualTo(text);
    }
  }

  @Property(tries = 300)
  void keepsBothEndsAndDropsTheMiddle(
      @ForAll @StringLength(min = 51, max = 90) @CharRange(from = 'a', to = 'z') String text,
      @ForAll @IntRange(min = 3, max = 50) int bound) {
    String[] halves = new Truncation(bound, 2).cut(text).split("\n");

    assertThat(text).startsWith(halves[0]).endsWith(halves[1]);
    assertThat(halves[0].length() + 1 + halves[1].length()).isEqualTo(bound);
    assertThat(halves[1].length() - halves[0].length()).isBetween(0, 1);
  }

  @Property(tries = 200)
  void neverLeavesHalfASurrogatePair(
      @ForAll @IntRange(max = 20) int letters, @ForAll @IntRange(min = 3, max = 60) int bound) {
    String text = "x".repeat(letters) + "😀".repeat(40) + "x".repeat(letters);

    String kept = new Truncation(bound, 2).cut(text);

    assertThat(kept.codePoints())
        .noneMatch(point -> Character.getType(point) == Character.SURROGATE);
    assertThat(kept.length()).isBetween(Math.min(bound, text.length()) - 2, bound);
  }

  @Property(tries = 200)
  void cutsABeginningBetweenCharacters(
      @ForAll @IntRange(max = 20) int letters, @ForAll @IntRange(min = 1, max = 60) int most) {
    String text = "x".repeat(letters) + "😀".repeat(10) + "x".repeat(letters);

    String beginning = Truncation.beginning(text, most);

    assertThat(text).startsWith(beginning);
    assertThat(beginning.codePoints())
        .noneMatch(point -> Character.getType(point) == Character.SURROGATE);
    int longest = Math.min(most, text.length());
    assertThat(beginning.length()).isBetween(longest - 1, longest);
  }

  @Property(tries = 300)
  void knowsWhereInTheWholeTextAKeptCharacterIs(
      @ForAll @IntRange(max = 20) int letters, @ForAll @IntRange(min = 3, max = 120) int bound) {
    String text = "x".repeat(letters) + "😀".repeat(20) + "y".repeat(letters) + "z".repeat(20);
    Truncation truncation = new Truncation(bound, 2);
    String kept = truncation.cut(text);

    int[] places =
        IntStream.range(0, kept.length())
            .filter(index -> kept.charAt(index) != '\n')
            .map(index -> truncation.uncut(text, index))
            .toArray();

    assertThat(places).isSorted().doesNotHaveDuplicates();
    assertThat(IntStream.of(places).mapToObj(text::charAt).map(String::valueOf))
        .containsExactly(kept.replace("\n", "").split(""));
    assertThat(truncation.uncut(text, kept.length())).isEqualTo(text.length());
    assertThat(truncation.uncut(text, -1)).isEqualTo(-1);
  }

  @Property(tries = 200)
  void keepsTheFirstAndTheLastTokens(
      @ForAll @IntRange(max = 60) int size, @ForAll @IntRange(min = 2, max = 50) int bound) {
    List<String> tokens = IntStream.range(0, size).mapToObj(Integer::toString).toList();

    List<String> kept = new Truncation(3, bound).cut(tokens);

    assertThat(kept).hasSize(Math.min(size, bound));
    assertThat(kept.subList(0, kept.size() / 2)).isEqualTo(tokens.subList(0, kept.size() / 2));
    assertThat(Collections.indexOfSubList(tokens, kept.subList(kept.size() / 2, kept.size())))
        .isEqualTo(size - (kept.size() - kept.size() / 2));
  }

  @Example
  void refusesBoundsThatKeepNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Truncation(2, 10))
        .withMessage("maxCharacters is too small: 2. Give at least 3.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Truncation(10, 1))
        .withMessage("maxTokens is too small: 1. Give at least 2.");
  }
}
