package dev.valence.stream.trend;

import dev.valence.schema.SentimentTrend;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds reviews up by subject and window, and forwards the window's trend after each.
 *
 * <p>It is not the windowed aggregation of Kafka Streams' DSL, since that forgets on a restart how
 * late it was: a review that comes after its window was dropped would begin the window again, and
 * its trend of one review would replace the whole one. Here the latest window that the restored
 * store knows decides, so a window closes once.
 */
final class TrendProcessor implements Processor<String, byte[], String, SentimentTrend> {

  static final String STORE = "trends";

  private static final Logger LOG = LoggerFactory.getLogger(TrendProcessor.class);

  private final TrendScores scores;
  private final TrendWindows windows;
  private final TrendMetrics metrics;

  private ProcessorContext<String, SentimentTrend> context;
  private WindowStore<String, byte[]> store;
  private long latest;

  TrendProcessor(TrendScores scores, TrendWindows windows, TrendMetrics metrics) {
    this.scores = scores;
    this.windows = windows;
    this.metrics = metrics;
  }

  @Override
  public void init(ProcessorContext<String, SentimentTrend> processorContext) {
    context = processorContext;
    store = context.getStateStore(STORE);
    latest = Long.MIN_VALUE + windows.retention().toMillis();
    try (KeyValueIterator<Windowed<String>, byte[]> known = store.all()) {
      while (known.hasNext()) {
        KeyValue<Windowed<String>, byte[]> next = known.next();
        latest = Math.max(latest, next.key.window().start());
      }
    }
  }

  @Override
  public void process(Record<String, byte[]> record) {
    // A clock that is ahead must not close the windows of all others.
    long timestamp = Math.min(record.timestamp(), context.currentSystemTimeMs());
    long start = windows.start(timestamp);
    if (windows.isClosed(start, latest)) {
      metrics.late();
      return;
    }
    SentimentTrend one = read(record.value());
    if (one == null) {
      return;
    }
    latest = Math.max(latest, start);
    String subject = record.key() == null ? "" : record.key();
    byte[] before = store.fetch(subject, start);
    SentimentTrend trend = before == null ? begin(one, start) : plus(read(before), one);
    store.put(subject, scores.write(trend), start);
    metrics.counted();
    context.forward(new Record<>(key(trend), trend, timestamp));
  }

  /** Sorts by time, then by subject; readable for people. */
  private static String key(SentimentTrend trend) {
    String subject = trend.getSubject();
    return trend.getWindowStart() + (subject == null ? "" : " " + subject);
  }

  private SentimentTrend read(byte[] value) {
    try {
      return scores.read(value);
    } catch (IOException e) {
      LOG.warn("A record that is no trend is passed over: {}", e.getMessage());
      return null;
    }
  }

  private SentimentTrend begin(SentimentTrend one, long start) {
    return SentimentTrend.newBuilder(one)
        .setWindowStart(Instant.ofEpochMilli(start))
        .setWindowEnd(Instant.ofEpochMilli(windows.end(start)))
        .build();
  }

  private static SentimentTrend plus(SentimentTrend sum, SentimentTrend one) {
    Map<String, Long> labels = new TreeMap<>(sum.getLabels());
    one.getLabels().forEach((label, count) -> labels.merge(label, count, Long::sum));
    long worded = sum.getWorded() + one.getWorded();
    Map<String, Double> means = new HashMap<>();
    if (worded > 0) {
      addShares(means, sum, worded);
      addShares(means, one, worded);
    }
    return SentimentTrend.newBuilder(sum)
        .setReviews(sum.getReviews() + one.getReviews())
        .setWorded(worded)
        .setLabels(labels)
        .setMeanProbabilities(means)
        .build();
  }

  private static void addShares(Map<String, Double> means, SentimentTrend part, long worded) {
    double share = (double) part.getWorded() / worded;
    part.getMeanProbabilities()
        .forEach((label, mean) -> means.merge(label, share * mean, Double::sum));
  }
}
