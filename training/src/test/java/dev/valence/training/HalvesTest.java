package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HalvesTest {
  private static final String SENTENCE = "The lid of this kettle opens when nobody wants it to. ";

  @Property(tries = 200)
  void areTheWholeReviewCutBetweenSentences(
      @ForAll @Size(min = 2, max = 60) List<@IntRange(min = 1, max = 40) Integer> words) {
    StringBuilder text = new StringBuilder();
    words.forEach(count -> text.append("So").append(" it boils".repeat(count)).append(". "));

    List<Document> documents = withHalves(text.toString());

    if (documents.size() > 1) {
      String first = documents.get(1).text();
      String second = documents.get(2).text();
      assertThat(first + " " + second).isEqualTo(text.toString().strip());
      assertThat(first).endsWith(".").hasSizeGreaterThanOrEqualTo(249);
      assertThat(second).startsWith("So").hasSizeGreaterThanOrEqualTo(249);
    }
  }

  @Test
  void standBehindTheReviewAndAreJudgedByNobody() {
    List<Document> documents = withHalves(SENTENCE.repeat(12));

    assertThat(documents)
        .extracting(Document::id)
        .containsExactly("7", "7 (first half)", "7 (second half)");
    assertThat(documents).extracting(Document::group).containsOnly("kettle");
    assertThat(documents).extracting(Document::labelled).containsExactly(true, false, false);
    assertThat(documents.get(1).text()).isEqualTo(SENTENCE.repeat(6).strip());
  }

  @Test
  void areNotMadeOfAShortReviewOrASingleSentence() {
    assertThat(withHalves(SENTENCE.repeat(9))).hasSize(1);
    assertThat(withHalves("It boils and".repeat(200) + " boils.")).hasSize(1);
    assertThat(withHalves("Good. " + "it boils and ".repeat(200))).hasSize(1);
    assertThat(withHalves(" ")).hasSize(1);
  }

  private static List<Document> withHalves(String text) {
    return new Corpus(List.of(new Document("7", text, "good", "kettle"))).withHalves().documents();
  }
}
