package dev.valence.stream;

import dev.valence.schema.SentimentTrend;
import dev.valence.stream.format.RecordFormat;
import dev.valence.stream.trend.TrendBoard;
import dev.valence.stream.trend.TrendMetrics;
import dev.valence.stream.trend.TrendTopology;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts reviews by subject, beside the stream that scores them: an application of its own, with
 * one thread, so that neither its state nor its failures touch scoring.
 */
final class TrendStream implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TrendStream.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final RecordFormat<SentimentTrend> format;
  private final KafkaStreams streams;
  private final ValenceConfig config;

  private TrendBoard board;

  /** Starts counting; the topics exist. */
  TrendStream(ValenceConfig config, TrendMetrics metrics) {
    this.config = config;
    format = config.trendFormat();
    streams =
        new KafkaStreams(
            TrendTopology.build(
                config.trendScoresTopic(),
                config.trendsTopic(),
                format,
                config.trendWindows(),
                metrics),
            config
                .kafka()
                .streamsOfTrends(config.getShort(TopicKeys.TOPICS_REPLICATION_FACTOR_CONFIG)),
            new LeavingClients(!config.kafka().hasStaticMembers()));
    streams.setUncaughtExceptionHandler(new FailurePolicy("Counting by subject"));
    streams.setStateListener(
        (now, before) -> {
          metrics.running(now.isRunningOrRebalancing());
          if (now == KafkaStreams.State.ERROR) {
            LOG.error("Reviews are not counted by subject any more; they are scored as before.");
          }
        });
    streams.start();
  }

  /** Starts to read what all processors have counted, for the page. Called once at most. */
  TrendBoard board() {
    board =
        new TrendBoard(
            config.kafka().reader("trend-board"),
            config.trendsTopic(),
            config.trendFormat(),
            config.trendWindows());
    board.start();
    return board;
  }

  Map<MetricName, ? extends Metric> metrics() {
    return streams.metrics();
  }

  @Override
  public void close() {
    if (board != null) {
      board.close();
    }
    format.close();
    streams.close(config.kafka().closing(CLOSE_TIMEOUT));
  }
}
