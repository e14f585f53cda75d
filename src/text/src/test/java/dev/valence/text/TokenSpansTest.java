package dev.valence.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.text.TokenSpans.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TokenSpansTest {

  @Test
  void findsTokensWhateverTheirCapitals() {
    assertThat(TokenSpans.find("Don't SHOUT.", List.of("do", "n't", "shout", ".")))
        .containsExactly(new Span(0, 2), new Span(2, 5), new Span(6, 11), new Span(11, 12));
  }

  @Test
  void passesOverWhatTheRulesHaveMade() {
    assertThat(TokenSpans.find("One<br /><br />two", List.of("xxmaj", "one", "\n\n", "two")))
        .containsExactly(new Span(-1, -1), new Span(0, 3), new Span(-1, -1), new Span(15, 18));
  }

  /** As it stands in texts that were copied from HTML; to Java's own classes it is no blank. */
  @Test
  void keepsThePlacesOfWordsBetweenNoBreakSpaces() {
    String text = "Truly\u00a0great\u00a0film";

    assertThat(TokenSpans.find(text, TextRules.seed().tokens(text)))
        .filteredOn(span -> span.start() >= 0)
        .containsExactly(new Span(0, 5), new Span(6, 11), new Span(12, 16));
  }

  @Test
  void findsWhatFollowsManyLineBreaks() {
    String text = "One" + "<br />".repeat(9) + "<BR>\n<br/>two";

    assertThat(TokenSpans.find(text, List.of("one", "\n", "two")))
        .containsExactly(
            new Span(0, 3), new Span(-1, -1), new Span(text.length() - 3, text.length()));
  }

  /** In lower case this letter is two, and not found: each of them looked through all breaks. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void looksOnceThroughWhatSeparatesWords() {
    String text = "<br>".repeat(25_000) + "\u0130 ".repeat(50_000);

    assertThat(TokenSpans.find(text, Collections.nCopies(50_000, "i\u0307"))).hasSize(50_000);
  }

  /** To Python, and so to the rules, this is a line break; to Java's own classes it is none. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void seesTheLineBreaksThatTheRulesSee() {
    String text = "<" + " ".repeat(100_000) + "\u00a0br>" + "b ".repeat(50_000);

    List<Span> spans = TokenSpans.find(text, TextRules.seed().tokens(text));

    assertThat(spans).last().isEqualTo(new Span(text.length() - 2, text.length() - 1));
  }

  @Test
  void findsWhatFollowsManyTokensThatAreNotFound() {
    String text = "\u0130stanbul ".repeat(6) + "was superb.";
    List<String> tokens = new ArrayList<>(Collections.nCopies(6, "i\u0307stanbul"));
    tokens.addAll(List.of("was", "superb", "."));

    assertThat(TokenSpans.find(text, tokens))
        .endsWith(new Span(54, 57), new Span(58, 64), new Span(64, 65));
  }

  @Test
  void doesNotTakeALaterWordForTheToken() {
    String text = "It was. " + "filler ".repeat(20) + "xxrep";

    assertThat(TokenSpans.find(text, List.of("it", "xxrep", "was")))
        .containsExactly(new Span(0, 2), new Span(-1, -1), new Span(3, 6));
  }

  @Property(tries = 300)
  void staysInTheTextAndInOrder(@ForAll String text) {
    List<String> tokens = TextRules.seed().tokens(text);

    List<Span> spans = TokenSpans.find(text, tokens);

    assertThat(spans).hasSameSizeAs(tokens);
    int position = 0;
    for (Span span : spans) {
      if (span.start() >= 0) {
        assertThat(span.start()).isGreaterThanOrEqualTo(position);
        assertThat(span.end()).isGreaterThan(span.start()).isLessThanOrEqualTo(text.length());
        position = span.end();
      }
    }
  }
}
