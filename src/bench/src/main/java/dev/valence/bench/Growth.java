package dev.valence.bench;

import dev.valence.stream.ScoringKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How Valence grows, less than a minute a point. */
final class Growth {
  private static final int[] PARTITIONS = {1, 2, 4, 16, 64};
  private static final int[] WORDS = {10, 30, 100, 300, 1_000, 1_750};
  private static final int[] MOST_REVIEWS = {1, 4, 16, 64, 256, 1_024};
  private static final int WORDS_OF_A_POINT = 60_000;

  /** With Kafka. Less, and a point tells more of Java's compiler than of what grows. */
  private static final int WARM_UP_SECONDS = 10;

  private final Measuring measuring;
  private final int threads;

  Growth(Measuring measuring, int threads) {
    this.measuring = measuring;
    this.threads = threads;
  }

  /**
   * A curve.
   *
   * @param title what grows
   * @param unit of it
   * @param points from the smallest
   */
  record Series(String title, String unit, List<Point> points) {}

  /**
   * A point of a curve.
   *
   * @param at how much of what grows
   */
  record Point(double at, Figures figures) {}

  List<Series> measure() throws IOException, InterruptedException {
    return List.of(byThreads(), byInstances(), byPartitions(), byLength(), byLimit());
  }

  private Series byThreads() throws IOException, InterruptedException {
    List<Point> points = new ArrayList<>();
    for (int count = 1; count <= threads; count *= 2) {
      points.add(point("threads", count, false, measuring.reviews(), count, Job.Shape.USUAL));
    }
    return new Series("Threads, without Kafka", "threads", points);
  }

  private Series byInstances() throws IOException, InterruptedException {
    List<Point> points = new ArrayList<>();
    for (int count = 1; count <= threads; count *= 2) {
      Job.Shape shape = Job.Shape.USUAL.withInstances(count);
      points.add(point("instances", count, true, measuring.reviews(), count, shape));
    }
    return new Series("Instances of one thread, Kafka to Kafka", "instances", points);
  }

  private Series byPartitions() throws IOException, InterruptedException {
    List<Point> points = new ArrayList<>();
    for (int count : PARTITIONS) {
      Job.Shape shape = Job.Shape.USUAL.withPartitions(count);
      points.add(point("partitions", count, true, measuring.reviews(), threads, shape));
    }
    return new Series("Partitions, Kafka to Kafka", "partitions", points);
  }

  private Series byLength() throws IOException, InterruptedException {
    List<Point> points = new ArrayList<>();
    for (int words : WORDS) {
      int reviews = Math.max(32, Math.min(2_000, WORDS_OF_A_POINT / words));
      ReviewSet set = ReviewSet.ofLength(reviews, words);
      Point measured = point("words", words, false, set, threads, Job.Shape.USUAL);
      Figures figures = measured.figures();
      points.add(new Point(figures.tokensPerSecond() / figures.reviewsPerSecond(), figures));
    }
    return new Series("Length of the reviews, without Kafka", "tokens a review", points);
  }

  private Series byLimit() throws IOException, InterruptedException {
    List<Point> points = new ArrayList<>();
    for (int most : MOST_REVIEWS) {
      ReviewSet all = measuring.reviews();
      // Small batches are slow, so that few reviews must do.
      int reviews = Math.min(all.texts().size(), Math.max(32, all.texts().size() * most / 16));
      ReviewSet set = new ReviewSet(all.name(), all.texts().subList(0, reviews));
      Job.Shape shape =
          Job.Shape.USUAL.withSettings(
              Map.of(ScoringKeys.BATCH_MAX_REVIEWS_CONFIG, Integer.toString(most)));
      points.add(point(ScoringKeys.BATCH_MAX_REVIEWS_CONFIG, most, true, set, threads, shape));
    }
    return new Series(
        "Limit of a batch, Kafka to Kafka", ScoringKeys.BATCH_MAX_REVIEWS_CONFIG, points);
  }

  private Point point(
      String what, int at, boolean streams, ReviewSet set, int threadCount, Job.Shape shape)
      throws IOException, InterruptedException {
    measuring.say("measuring " + what + " = " + at + " ...");
    return new Point(at, measuring.point(streams, set, threadCount, shape.brief(WARM_UP_SECONDS)));
  }
}
