package dev.valence.cli;

import dev.valence.schema.Review;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.UnreadableRecordException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The sample reviews that come with Valence, repeated for ever under new ids. */
final class DemoReviews {
  private static final String FILE = "demo-reviews.jsonl";

  private final List<Review> samples;

  private DemoReviews(List<Review> samples) {
    this.samples = samples;
  }

  static DemoReviews load() throws IOException {
    ReviewFormat json = ReviewFormat.named(ReviewFormat.JSON);
    List<Review> samples = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                DemoReviews.class.getResourceAsStream(FILE), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        samples.add(json.read(line.getBytes(StandardCharsets.UTF_8)));
      }
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException(FILE + ": " + e.getMessage(), e);
    }
    return new DemoReviews(samples);
  }

  /**
   * A review of its own id.
   *
   * @param number from 0 on; {@link #sample} finds the review again by its id
   */
  Review review(long number) {
    Review sample = samples.get((int) (number % samples.size()));
    return Review.newBuilder(sample).setId(number + ":" + sample.getId()).build();
  }

  /** The review that {@link #review} made under this id. */
  Review sample(String id) {
    return review(Long.parseLong(id.substring(0, id.indexOf(':'))));
  }
}
