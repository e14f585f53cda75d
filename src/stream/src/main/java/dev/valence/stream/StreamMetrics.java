package dev.valence.stream;

import dev.valence.model.Score;
import dev.valence.stream.DeadLetter.Reason;
import dev.valence.text.EncodedReview;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Counts and times what the processor does, for Prometheus. A record that is replayed after a crash
 * is counted again: these are figures of work, not of results. Safe for use by many threads.
 */
final class StreamMetrics {

  private static final double MILLIS_PER_SECOND = 1_000;
  private static final double[] SECONDS = {
    .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21600
  };
  private static final double[] RATIOS = {0, .01, .02, .05, .1, .2, .5};
  private static final double[] REVIEWS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

  private final Counter reviews;
  private final Counter tombstones;
  private final Counter deadLetters;
  private final Counter truncated;
  private final Counter tokens;
  private final Counter unknownTokens;
  private final Counter scoredCells;
  private final Counter paddingCells;
  private final Counter slowTransactions;
  private final Counter unexplained;
  private final Gauge bufferBytes;
  private final Histogram batchReviews;
  private final Histogram paddingRatio;
  private final Histogram unknownRatio;
  private final Histogram probability;
  private final Histogram queueDelay;
  private final Histogram inference;
  private final Histogram explanation;
  private final Histogram endToEnd;

  /**
   * @param registry takes the metrics
   */
  StreamMetrics(CollectorRegistry registry) {
    reviews =
        Counter.build("valence_reviews_total", "Reviews scored, by label.")
            .labelNames("label")
            .register(registry);
    tombstones =
        Counter.build("valence_tombstones_total", "Tombstones passed on.").register(registry);
    deadLetters =
        Counter.build("valence_dead_letters_total", "Records put aside: unreadable, or unscorable.")
            .labelNames("reason")
            .register(registry);
    truncated =
        Counter.build("valence_truncated_reviews_total", "Reviews scored without their middle.")
            .register(registry);
    tokens = Counter.build("valence_tokens_total", "Tokens scored.").register(registry);
    unknownTokens =
        Counter.build("valence_unknown_tokens_total", "Tokens scored that the vocabulary lacks.")
            .register(registry);
    scoredCells =
        Counter.build("valence_model_cells_total", "Cells of model batches, padding included.")
            .register(registry);
    paddingCells =
        Counter.build("valence_padding_cells_total", "Cells of model batches that were padding.")
            .register(registry);
    slowTransactions =
        Counter.build(
                "valence_slow_transactions_total",
                "Transactions in which scoring took longer than they may last.")
            .register(registry);
    unexplained =
        Counter.build(
                "valence_explanation_failures_total",
                "Scores that left without the explanation that was wanted.")
            .register(registry);
    bufferBytes =
        Gauge.build(
                "valence_buffer_bytes",
                "Bytes of records that wait to be scored or are being scored.")
            .register(registry);
    batchReviews =
        Histogram.build("valence_batch_reviews", "Reviews that were scored together.")
            .buckets(REVIEWS)
            .register(registry);
    paddingRatio =
        Histogram.build("valence_padding_ratio", "Share of padding in what was scored together.")
            .linearBuckets(.05, .05, 19)
            .register(registry);
    unknownRatio =
        Histogram.build(
                "valence_unknown_token_ratio",
                "Share of a review's tokens that the vocabulary lacks, for drift.")
            .buckets(RATIOS)
            .register(registry);
    probability =
        Histogram.build(
                "valence_label_probability",
                "Probability of each label for each review with words, for drift.")
            .labelNames("label")
            .linearBuckets(.1, .1, 9)
            .register(registry);
    queueDelay =
        seconds(registry, "valence_queue_delay_seconds", "Wait of a review for its batch.");
    inference = seconds(registry, "valence_inference_seconds", "Time to score what was collected.");
    explanation =
        seconds(registry, "valence_explanation_seconds", "Time to explain the score of a review.");
    endToEnd =
        seconds(
            registry,
            "valence_end_to_end_latency_seconds",
            "From the review's timestamp to its score.");
    reviews.labels(Score.UNCERTAIN);
    for (Reason reason : Reason.values()) {
      deadLetters.labels(name(reason));
    }
  }

  /** These labels may be given from now on: their counters are shown before they count. */
  void expect(List<String> labels) {
    labels.forEach(reviews::labels);
    labels.forEach(probability::labels);
  }

  /** A record waited that long in its batch. */
  void waited(long millis) {
    queueDelay.observe(nonNegativeSeconds(millis));
  }

  /** These reviews were scored together in that time, by computing so many token positions. */
  void batchScored(List<EncodedReview> batch, long cells, long nanos) {
    inference.observe((double) nanos / TimeUnit.SECONDS.toNanos(1));
    batchReviews.observe(batch.size());
    long used =
        batch.stream()
            .filter(review -> review.tokens() > 0)
            .mapToLong(review -> review.ids().length)
            .sum();
    if (used > 0) {
      scoredCells.inc(cells);
      paddingCells.inc(cells - used);
      paddingRatio.observe((double) (cells - used) / cells);
    }
  }

  /**
   * A score was forwarded.
   *
   * @param labels of its probabilities
   * @param millisSinceWritten since its review's timestamp
   */
  void scored(Score score, List<String> labels, long millisSinceWritten) {
    reviews.labels(score.label()).inc();
    tokens.inc(score.tokens());
    unknownTokens.inc(score.unknownTokens());
    if (score.truncated()) {
      truncated.inc();
    }
    if (score.tokens() > 0) {
      unknownRatio.observe((double) score.unknownTokens() / score.tokens());
      for (int label = 0; label < labels.size(); label++) {
        probability.labels(labels.get(label)).observe(score.probabilities()[label]);
      }
    }
    endToEnd.observe(nonNegativeSeconds(millisSinceWritten));
  }

  /** A score was explained in that time. */
  void explained(long nanos) {
    explanation.observe((double) nanos / TimeUnit.SECONDS.toNanos(1));
  }

  /** A score could not be explained. */
  void notExplained() {
    unexplained.inc();
  }

  /** Scoring took longer than a transaction may last. */
  void transactionOverran() {
    slowTransactions.inc();
  }

  /** So many bytes came to wait, or left: then they are negative. */
  void bufferChanged(long bytes) {
    bufferBytes.inc(bytes);
  }

  /** A tombstone was forwarded. */
  void tombstone() {
    tombstones.inc();
  }

  /** A dead letter was forwarded. */
  void deadLetter(Reason reason) {
    deadLetters.labels(name(reason)).inc();
  }

  private static Histogram seconds(CollectorRegistry registry, String name, String help) {
    return Histogram.build(name, help).buckets(SECONDS).register(registry);
  }

  /** Clocks of different machines differ, so a record can come from the future. */
  private static double nonNegativeSeconds(long millis) {
    return Math.max(0, millis) / MILLIS_PER_SECOND;
  }

  private static String name(Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}
