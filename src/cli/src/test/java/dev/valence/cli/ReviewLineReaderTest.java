package dev.valence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

class ReviewLineReaderTest {

  @Test
  void endsABlockAtItsLimits() {
    ReviewLineReader reader = reader("12345", "1", "2", "3", "4", "5");

    assertThat(reader.next(10, 6)).extracting(ReviewLine::text).containsExactly("12345", "1");
    assertThat(reader.next(3, 100)).extracting(ReviewLine::text).containsExactly("2", "3", "4");
    assertThat(reader.next(3, 100)).extracting(ReviewLine::text).containsExactly("5");
    assertThat(reader.next(3, 100)).isEmpty();
  }

  @Test
  void handsOutWhatCameBeforeABadLine() {
    ReviewLineReader reader =
        new ReviewLineReader(in("{\"id\":1,\"text\":\"a\"}\nbad\n{\"id\":2,\"text\":\"b\"}"));

    assertThat(reader.next(10, 100)).extracting(ReviewLine::text).containsExactly("a");
    for (int again = 0; again < 2; again++) {
      assertThatThrownBy(() -> reader.next(10, 100))
          .isInstanceOf(CommandFailedException.class)
          .hasMessageStartingWith("line 2 of standard input is not JSON");
    }
  }

  @Test
  void keepsNumbersAsTheyAreWritten() {
    for (String id : new String[] {"1.10", "0.10000000000000000001", "1E+999", "7"}) {
      ReviewLine review =
          new ReviewLineReader(in("{\"id\":" + id + ",\"text\":\"a\"}")).next().orElseThrow();

      assertThat(review.id()).hasToString(id);
    }
  }

  @Test
  void refusesALineThatDoesNotEnd() {
    ReviewLineReader reader = new ReviewLineReader(in("{\"id\":1,\"text\":\"aaaa\"}"), 21);

    assertThatThrownBy(() -> reader.next(10, 100))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageStartingWith("line 1 of standard input is longer than 21 bytes. ");
    assertThat(new ReviewLineReader(in("{\"id\":1,\"text\":\"aaaa\"}\n"), 22).next()).isPresent();
  }

  private static ReviewLineReader reader(String... texts) {
    StringBuilder lines = new StringBuilder();
    for (String text : texts) {
      lines.append("{\"id\":1,\"text\":\"").append(text).append("\"}\n");
    }
    return new ReviewLineReader(in(lines.toString()));
  }

  private static ByteArrayInputStream in(String lines) {
    return new ByteArrayInputStream(lines.getBytes(UTF_8));
  }
}
