package dev.valence.stream.page;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.CollectorRegistry;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Draws up once a second what the page says in numbers. For one thread. */
final class Figures {

  private static final int SUBJECTS = 12;
  private static final int RATE_SECONDS = 5;
  private static final int WINDOW_READINGS = 60;

  /**
   * What the page says in numbers.
   *
   * @param state of the stream
   * @param complaint what is not as it should be with the models; empty if nothing
   * @param scored reviews since the start
   * @param rate reviews a second, lately
   * @param deadLetters records put aside since the start
   * @param batch reviews that were scored together in the last minute; null if there were none
   * @param inference seconds that it took to score them
   * @param endToEnd seconds from a review's timestamp to its score
   * @param stepMillis length of a step of the counts
   * @param counts reviews of each label by step
   * @param subjects most talked about first
   * @param serving the model that scores; null if that is not known
   * @param versions of models that have scored, the one first that was first seen last
   * @param viewers who look at this
   */
  record Snapshot(
      String state,
      String complaint,
      long scored,
      double rate,
      long deadLetters,
      HistogramWindow.Summary batch,
      HistogramWindow.Summary inference,
      HistogramWindow.Summary endToEnd,
      long stepMillis,
      Map<String, int[]> counts,
      List<Tally.Subject> subjects,
      Serving serving,
      List<Tally.Version> versions,
      int viewers) {}

  /** A version of a model. */
  record Serving(String name, long version) {}

  private record Mark(long nanos, long scored) {}

  private final CollectorRegistry registry;
  private final Tally tally;
  private final HistogramWindow batch;
  private final HistogramWindow inference;
  private final HistogramWindow endToEnd;
  private final Deque<Mark> marks = new ArrayDeque<>();

  Figures(CollectorRegistry registry, Tally tally) {
    this.registry = registry;
    this.tally = tally;
    this.batch = new HistogramWindow(registry, "valence_batch_reviews", WINDOW_READINGS);
    this.inference = new HistogramWindow(registry, "valence_inference_seconds", WINDOW_READINGS);
    this.endToEnd =
        new HistogramWindow(registry, "valence_end_to_end_latency_seconds", WINDOW_READINGS);
  }

  Snapshot draw(String state, String complaint, int viewers) {
    long now = System.currentTimeMillis();
    return new Snapshot(
        state,
        complaint,
        tally.scored(),
        rate(System.nanoTime(), tally.scored()),
        deadLetters(),
        batch.read(),
        inference.read(),
        endToEnd.read(),
        LabelSeries.STEP_MILLIS,
        tally.counts(now),
        tally.subjects(SUBJECTS, now),
        serving(),
        tally.versions(),
        viewers);
  }

  private double rate(long nanos, long scored) {
    marks.addLast(new Mark(nanos, scored));
    if (marks.size() > RATE_SECONDS + 1) {
      marks.removeFirst();
    }
    double seconds = (nanos - marks.getFirst().nanos()) / 1e9;
    return seconds == 0 ? 0 : (scored - marks.getFirst().scored()) / seconds;
  }

  private long deadLetters() {
    return (long) samples("valence_dead_letters_total").mapToDouble(sample -> sample.value).sum();
  }

  private Serving serving() {
    return samples("valence_model_info")
        .findFirst()
        .map(
            sample ->
                new Serving(
                    sample.labelValues.get(sample.labelNames.indexOf("name")),
                    Long.parseLong(sample.labelValues.get(sample.labelNames.indexOf("version")))))
        .orElse(null);
  }

  private Stream<Sample> samples(String name) {
    return Collections.list(registry.filteredMetricFamilySamples(Set.of(name))).stream()
        .flatMap(family -> family.samples.stream());
  }
}
