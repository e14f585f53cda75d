package dev.valence.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds for every text, however nasty. */
class SpacyTokenizerPropertiesTest {

  private static final List<String> FRAGMENTS =
      List.of(
          " ", "  ", "\n", "\t", "\u0085", "\u00A0", "\u3000", "\u001C", "a", "I", "do", "n't",
          "won’t", "'s", "'", "\"", "(", ")", ":", ":)", ":-(", "[-:", "...", ".", "..", "…", ",",
          "-", "--", "—", "+", "*", "$", "US$", "°", "C.", "5", "12", "km", "%", "/", "@", "://",
          "http://", "www.", ".com", "8.8.8.8", ":80", "U.S.", "a.m.", "Mr.", "é", "Я", "日本", "😀",
          "👍🏽", "\uD83D", "\uDE00", "\u200B", "𠀀", "<br />", "&&", "[", "]", "\\", "_");

  private final SpacyTokenizer tokenizer = new SpacyTokenizer();

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.frequencyOf(
            Tuple.of(9, Arbitraries.of(FRAGMENTS)),
            Tuple.of(1, Arbitraries.strings().all().ofMaxLength(3)))
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 500)
  void tokensStandInOrderAndWhereTheySay(@ForAll("texts") String text) {
    int end = 0;
    for (Token token : tokenizer.tokenize(text)) {
      assertThat(token.start()).isGreaterThanOrEqualTo(end);
      assertThat(token.end()).isGreaterThan(token.start());
      assertThat(token.text()).isEqualTo(text.substring(token.start(), token.end()));
      end = token.end();
    }
    assertThat(end).isLessThanOrEqualTo(text.length());
  }

  @Property(tries = 500)
  void tokensAndTheirBlanksMakeTheText(@ForAll("texts") String text) {
    StringBuilder rebuilt = new StringBuilder();
    for (Token token : tokenizer.tokenize(text)) {
      rebuilt.append(token.text()).append(token.spaceAfter() ? " " : "");
    }
    assertThat(rebuilt).hasToString(text);
  }

  @Property(tries = 500)
  void neverSplitsASurrogatePair(@ForAll("texts") String text) {
    assertThat(tokenizer.tokenize(text))
        .noneMatch(
            token ->
                token.start() > 0
                    && Character.isSurrogatePair(
                        text.charAt(token.start() - 1), text.charAt(token.start())));
  }

  @Property(tries = 200)
  void aBlankBetweenTextsIsNoToken(@ForAll("texts") String left, @ForAll("texts") String right) {
    // A word at the seam, so that neither white space nor an emoticon can reach across it.
    String seamed = left + " seam";
    List<Token> whole = tokenizer.tokenize(seamed + " " + right);
    List<Token> first = tokenizer.tokenize(seamed);
    List<Token> both = whole.subList(0, first.size());
    assertThat(both).extracting(Token::text).isEqualTo(texts(first));
    if (!right.isEmpty() && !WhiteSpace.isSpace(right.charAt(0))) {
      assertThat(texts(whole.subList(first.size(), whole.size())))
          .isEqualTo(texts(tokenizer.tokenize(right)));
    }
  }

  @Property(tries = 50)
  void manyThreadsSeeTheSameTokens(@ForAll("texts") String text) {
    List<Token> alone = new SpacyTokenizer().tokenize(text);
    assertThat(IntStream.range(0, 16).parallel().mapToObj(i -> tokenizer.tokenize(text)))
        .allMatch(alone::equals);
  }

  private static List<String> texts(List<Token> tokens) {
    return tokens.stream().map(Token::text).toList();
  }
}
