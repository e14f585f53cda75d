package dev.valence.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewsTest {

  @TempDir Path directory;

  @Test
  void comesWithASample() throws IOException {
    assertThat(Reviews.read("")).hasSizeGreaterThan(5).allMatch(review -> review.length() > 50);
  }

  @Test
  void readsAReviewAFileInOrder() throws IOException {
    Files.writeString(directory.resolve("2.txt"), "second\nreview");
    Files.writeString(directory.resolve("1.txt"), "first");
    Files.writeString(directory.resolve("notes.md"), "no review");

    assertThat(Reviews.read(directory.toString())).containsExactly("first", "second\nreview");
  }

  @Test
  void readsAReviewALine() throws IOException {
    Path file = Files.writeString(directory.resolve("reviews.txt"), "first\nsecond\n");

    assertThat(Reviews.read(file.toString())).containsExactly("first", "second");
  }

  @Test
  void refusesASourceWithoutReviews() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Reviews.read(directory.toString()))
        .withMessage(
            "no reviews in %s. Name a directory of .txt files or a file of lines.", directory);
  }
}
