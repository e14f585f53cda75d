package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainerTest {

  private static SentimentModel model;
  private static Explainer explainer;

  @BeforeAll
  static void load(@TempDir Path directory) {
    TinyModel.write(directory.resolve("1"));
    model = SentimentModel.load(directory.resolve("1"));
    explainer = Explainer.withinTokens(model, new BatchPlanner(), Explainer.DEFAULT_MAX_TOKENS);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void namesEachWordAndWhereItIs() {
    String text = "A GREAT film,<br />but bad!";

    List<Contribution> words = explainer.explain(text);

    assertThat(words)
        .filteredOn(word -> word.start() >= 0)
        .allSatisfy(
            word ->
                assertThat(text.substring(word.start(), word.end()))
                    .isEqualToIgnoringCase(word.token()));
    assertThat(words)
        .extracting(Contribution::token)
        .containsExactly("a", "great", "film", ",", "\n", "but", "bad", "!");
    assertThat(words.get(1).logOdds()).isGreaterThan(0);
    assertThat(words.get(6).logOdds()).isLessThan(0);
  }

  @Test
  void hasNothingToSayOfAReviewWithoutWords() {
    assertThat(explainer.explain(" \n ")).isEmpty();
  }

  @Test
  void explainsAReviewOfOneWord() {
    assertThat(explainer.explain("great"))
        .singleElement()
        .satisfies(word -> assertThat(word.logOdds()).isGreaterThan(1));
  }

  @Test
  void explainsWhatIsLeftOfATruncatedReview() {
    String text = "great " + "film ".repeat(3_000) + "awful";

    List<Contribution> words = explainer.explain(text);

    assertThat(words).hasSize(2_000);
    assertThat(words.get(0).token()).isEqualTo("great");
    assertThat(words.get(1_999).token()).isEqualTo("awful");
    assertThat(words.get(1_999).start()).isEqualTo(text.length() - "awful".length());
  }

  @Test
  void findsTheLastWordsOfATextThatIsTooLongToBeRead() {
    String text = "great " + "film ".repeat(60_000) + "awful";

    List<Contribution> words = explainer.explain(text);

    // The words in the middle are not read, though the last ones are among them, too.
    assertThat(words.get(1_998).start()).isEqualTo(text.length() - "film awful".length());
    assertThat(words.get(1_999).start()).isEqualTo(text.length() - "awful".length());
    assertThat(words.get(1_999).end()).isEqualTo(text.length());
  }
}
