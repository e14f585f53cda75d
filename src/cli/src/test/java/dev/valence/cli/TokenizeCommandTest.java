package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TokenizeCommandTest {

  @Test
  void givesSpacysTokensWithTheirCase() {
    Invocation run =
        Invocation.of(
            "{\"id\": \"7\", \"text\": \"I don't LIKE it.<br /><br />Bad!\"}\n", "tokenize");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo(
            "{\"id\":\"7\",\"tokens\":[\"I\",\"do\",\"n't\",\"LIKE\",\"it\",\".\",\"\\n\\n\",\"Bad\",\"!\"]}\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void keepsOrderAndIds() {
    Invocation run =
        Invocation.of(
            "{\"id\": 1, \"text\": \"\"}\n\n  \r\n{\"text\": \"b\", \"id\": \"\u00e9\", \"stars\": 5}",
            "tokenize");

    assertThat(run.outLines())
        .containsExactly("{\"id\":1,\"tokens\":[]}", "{\"id\":\"\u00e9\",\"tokens\":[\"b\"]}");
  }

  @Test
  void writesHalfASurrogatePairAsItCame() {
    Invocation run = Invocation.of("{\"id\": 1, \"text\": \"a \\ud83d b\"}\n", "tokenize");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualToIgnoringCase("{\"id\":1,\"tokens\":[\"a\",\"\\ud83d\",\"b\"]}\n");
  }

  @Test
  void writesWhatIsBeyondAsciiAsItIs() {
    Invocation run =
        Invocation.of("{\"id\": 1, \"text\": \"na\u00efve \\ud83d\\ude00\"}\n", "tokenize");

    assertThat(run.out()).isEqualTo("{\"id\":1,\"tokens\":[\"na\u00efve\",\"\ud83d\ude00\"]}\n");
  }

  @Test
  void namesTheLineThatIsNoReview() {
    String good = "{\"id\": 1, \"text\": \"a\"}\n\n";

    assertRefused(good + "{\"id\": 2, \"text\": \"a\"", "line 3 of standard input is not JSON: ");
    assertRefused(good + "hello", "line 3 of standard input is not JSON: ");
    assertRefused(good + "{\"id\":2,\"text\":\"a\"} {}", "line 3 of standard input is not JSON: ");
    assertRefused(good + "[1]", "line 3 of standard input is not an object. ");
    assertRefused(
        good + "{\"text\": \"a\"}",
        "line 3 of standard input has no id that is a string or a number. ");
    assertRefused(
        good + "{\"id\": 2, \"text\": null}",
        "line 3 of standard input has no text that is a string. ");
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] latin = "{\"id\": 1, \"text\": \"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);

    Invocation run = Invocation.of(latin, "tokenize");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .contains("line 1 of standard input is not ");
  }

  @Test
  void leavesHtmlLineBreaksAloneWhenAskedForTheTextAsItStands() {
    String review = "{\"id\": 1, \"text\": \"Fine.<br />Go\"}\n";

    assertThat(Invocation.of(review, "tokenize").outLines())
        .containsExactly("{\"id\":1,\"tokens\":[\"Fine\",\".\",\"\\n\",\"Go\"]}");
    assertThat(Invocation.of(review, "tokenize", "--verbatim").outLines())
        .containsExactly("{\"id\":1,\"tokens\":[\"Fine.<br\",\"/>Go\"]}");
  }

  @Test
  void refusesArgumentsItDoesNotKnow() {
    assertThat(Invocation.of("", "tokenize", "--fast").exitCode()).isEqualTo(2);
  }

  private static void assertRefused(String in, String message) {
    Invocation run = Invocation.of(in, "tokenize");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.outLines()).containsExactly("{\"id\":1,\"tokens\":[\"a\"]}");
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith("valence tokenize: " + message)
        .endsWith("Give one object a line, like {\"id\": \"1\", \"text\": \"A good film.\"}.");
  }
}
