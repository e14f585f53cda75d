package dev.valence.stream.trend;

import dev.valence.schema.AvroMessages;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.schema.SentimentTrend;
import dev.valence.text.Truncation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How a score travels to where it is counted: as the trend of one review, keyed by the subject.
 * Reviews without a subject have the empty key, so that they, too, are counted in one place. Safe
 * for use by many threads.
 */
public final class TrendScores {

  /** Characters of a subject: a record with it, twice, must fit any topic. */
  private static final int LONGEST = 1_000;

  private final AvroMessages<SentimentTrend> messages = AvroMessages.trends();

  /** The key, which decides where the review is counted. */
  public byte[] key(Review review) {
    return subject(review).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The trend of one review.
   *
   * @param timestamp of the review's record, in milliseconds
   */
  public byte[] value(Review review, ReviewSentiment sentiment, long timestamp) {
    boolean worded = sentiment.getTokens() > 0;
    Map<String, Double> probabilities = new HashMap<>();
    if (worded) {
      sentiment
          .getProbabilities()
          .forEach((label, value) -> probabilities.put(label, value.doubleValue()));
    }
    Instant at = Instant.ofEpochMilli(timestamp);
    return messages.write(
        SentimentTrend.newBuilder()
            .setSubject(emptyToNull(subject(review)))
            .setWindowStart(at)
            .setWindowEnd(at)
            .setReviews(1)
            .setWorded(worded ? 1 : 0)
            .setLabels(Map.of(sentiment.getLabel(), 1L))
            .setMeanProbabilities(probabilities)
            .build());
  }

  /**
   * Reads {@link #value}.
   *
   * @throws IOException if the bytes are none
   */
  SentimentTrend read(byte[] value) throws IOException {
    return messages.read(value);
  }

  byte[] write(SentimentTrend trend) {
    return messages.write(trend);
  }

  /** What the review is counted under; longer ones by how they begin. */
  private static String subject(Review review) {
    return review.getSubject() == null ? "" : Truncation.beginning(review.getSubject(), LONGEST);
  }

  private static String emptyToNull(String subject) {
    return subject.isEmpty() ? null : subject;
  }
}
