package dev.valence.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.valence.text.EncodedReview;
import dev.valence.text.TextPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The reviews of {@code assets.extra/golden.jsonl}: recorded one by one when a model is sealed, and
 * scored again in padded batches before it serves, so that another tokenizer, other weights or a
 * sum that padding leaks into cannot pass unseen.
 */
final class GoldenReviews {

  static final String FILE_NAME = "assets.extra/golden.jsonl";

  /** Largest difference of a probability that rounding may make on another processor. */
  static final double TOLERANCE = 1e-3;

  /** Largest difference of a probability that eight bits may make. */
  static final double INT8_TOLERANCE = 0.05;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private final List<GoldenReview> reviews;

  private GoldenReviews(List<GoldenReview> reviews) {
    this.reviews = List.copyOf(reviews);
  }

  /** Largest difference of a probability for a model that computes so. */
  static double tolerance(Precision precision) {
    return precision == Precision.INT8 ? INT8_TOLERANCE : TOLERANCE;
  }

  /**
   * @throws IllegalArgumentException if there is no text, or one has no token
   */
  static GoldenReviews record(List<String> texts, TextPipeline pipeline, ServingGraph graph) {
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("a model needs at least one golden review");
    }
    List<GoldenReview> reviews = new ArrayList<>();
    for (String text : texts) {
      EncodedReview encoded = pipeline.encode(text);
      if (encoded.tokens() == 0) {
        throw new IllegalArgumentException(
            "a golden review must have at least one token: '" + text + "'");
      }
      float[] probabilities = graph.probabilities(new int[][] {encoded.ids()})[0];
      reviews.add(new GoldenReview(text, encoded.ids(), probabilities));
    }
    return new GoldenReviews(reviews);
  }

  void write(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    for (GoldenReview review : reviews) {
      lines.add(JSON.writeValueAsString(review));
    }
    Path file = directory.resolve(FILE_NAME);
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }

  /**
   * @throws InvalidModelException if the file is missing, empty, or not understood
   */
  static GoldenReviews read(Path directory) {
    Path file = directory.resolve(FILE_NAME);
    List<GoldenReview> reviews = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        GoldenReview review = JSON.readValue(line, GoldenReview.class);
        if (review == null) {
          throw new InvalidModelException(
              file + " line " + (reviews.size() + 1) + " holds null. Export the model again.");
        }
        reviews.add(review);
      }
    } catch (JsonProcessingException e) {
      throw new InvalidModelException(
          file
              + " line "
              + (reviews.size() + 1)
              + " cannot be understood: "
              + e.getOriginalMessage()
              + ". Export the model again.",
          e);
    } catch (IOException e) {
      throw new InvalidModelException(
          file + " cannot be read: " + Reason.of(e) + ". Export the model again.", e);
    }
    if (reviews.isEmpty()) {
      throw new InvalidModelException(file + " holds no review. Export the model again.");
    }
    return new GoldenReviews(reviews);
  }

  /**
   * @param scoring one row of probabilities a review
   * @param tolerance largest difference of a probability
   * @throws InvalidModelException if a review gets other ids or other probabilities than when it
   *     was recorded
   */
  void verify(
      Path directory,
      TextPipeline pipeline,
      Function<int[][], float[][]> scoring,
      double tolerance) {
    for (int index = 0; index < reviews.size(); index++) {
      verifyIds(where(directory, index), reviews.get(index), pipeline);
    }
    int[] lengths = reviews.stream().mapToInt(review -> review.ids().length).toArray();
    for (int[] batch : new BatchPlanner().plan(lengths)) {
      int[][] ids =
          Arrays.stream(batch).mapToObj(index -> reviews.get(index).ids()).toArray(int[][]::new);
      float[][] probabilities = scoring.apply(ids);
      for (int row = 0; row < batch.length; row++) {
        verifyProbabilities(
            where(directory, batch[row]),
            reviews.get(batch[row]).probabilities(),
            probabilities[row],
            tolerance);
      }
    }
  }

  private static String where(Path directory, int index) {
    return directory + ": golden review " + (index + 1) + " (" + FILE_NAME + ")";
  }

  private static void verifyIds(String where, GoldenReview review, TextPipeline pipeline) {
    int[] ids = pipeline.encode(review.text()).ids();
    int position = Arrays.mismatch(ids, review.ids());
    if (position >= 0) {
      throw new InvalidModelException(
          where
              + " is tokenised differently from token "
              + position
              + " on: this Valence has another tokenizer than the one that exported the model. Export the model again.");
    }
  }

  private static void verifyProbabilities(
      String where, float[] expected, float[] actual, double tolerance) {
    for (int label = 0; label < actual.length; label++) {
      if (!Float.isFinite(actual[label])) {
        throw new InvalidModelException(
            where
                + " gets the probability "
                + actual[label]
                + ": the weights are damaged. Export the model again.");
      }
    }
    for (int label = 0; label < Math.max(expected.length, actual.length); label++) {
      if (expected.length != actual.length
          || !(Math.abs(expected[label] - actual[label]) <= tolerance)) {
        throw new InvalidModelException(
            where
                + " gets the probabilities "
                + Arrays.toString(actual)
                + " instead of "
                + Arrays.toString(expected)
                + ". Export the model again.");
      }
    }
  }
}
