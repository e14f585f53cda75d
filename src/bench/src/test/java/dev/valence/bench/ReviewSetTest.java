package dev.valence.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewSetTest {

  @TempDir Path folder;

  @Test
  void makesReviewsUpThatAreAsLongAsThoseOfFilms() throws IOException {
    int[] words =
        ReviewSet.madeUp(2_000).texts().stream()
            .mapToInt(text -> text.split("\\s+").length)
            .sorted()
            .toArray();

    assertThat(words[1_000]).isBetween(150, 200);
    assertThat(words[1_900]).isBetween(400, 650);
    assertThat(words[0]).isGreaterThanOrEqualTo(10);
  }

  @Test
  void makesReviewsUpOfALength() throws IOException {
    assertThat(ReviewSet.ofLength(3, 100).texts())
        .hasSize(3)
        .allMatch(text -> text.split("\\s+").length == 100);
  }

  @Test
  void drawsTheSameReviewsOfACorpusEachTime() throws IOException {
    Path file = Files.writeString(folder.resolve("r.csv"), "text\none\n\" \"\nthree\nfour\n");

    ReviewSet drawn = ReviewSet.from(file, "text", false, 2);

    assertThat(drawn.name()).isEqualTo("2 reviews of r.csv");
    assertThat(drawn.texts()).hasSize(2).doesNotContain(" ");
    assertThat(ReviewSet.from(file, "text", false, 2)).isEqualTo(drawn);
  }
}
