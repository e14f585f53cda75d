package dev.valence.stream.trend;

import dev.valence.schema.SentimentTrend;
import dev.valence.stream.format.RecordFormat;
import dev.valence.stream.format.SchemaRegistryUnavailableException;
import dev.valence.stream.format.UnreadableRecordException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest windows of all subjects, for the page. It reads the topic of trends, not the store
 * beside it: a store knows the subjects of its own process, the topic those of all. Safe for use by
 * many threads.
 */
public final class TrendBoard implements AutoCloseable {

  /** Windows that are shown. */
  static final int WINDOWS = 24;

  private static final Logger LOG = LoggerFactory.getLogger(TrendBoard.class);
  private static final int SUBJECTS = 2_000;
  private static final int SHOWN = 12;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final long PAUSE_MILLIS = 5_000;
  private static final long CLOSE_MILLIS = 10_000;

  /**
   * What is shown.
   *
   * @param windowMillis length of a window
   * @param starts of the windows in milliseconds, the oldest first, the current one last
   * @param subjects with the most reviews in them first
   * @param known how many subjects have reviews in them
   */
  public record View(long windowMillis, List<Long> starts, List<Row> subjects, int known) {}

  /**
   * One subject.
   *
   * @param subject empty for reviews without one
   * @param counts reviews of each label by window
   * @param means mean probability of each label by window; null where no review has words
   */
  public record Row(
      String subject, long reviews, Map<String, long[]> counts, Map<String, Double[]> means) {}

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String topic;
  private final RecordFormat<SentimentTrend> format;
  private final TrendWindows windows;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread reader = new Thread(this::read, "valence-trend-board");
  private final Map<String, TreeMap<Long, SentimentTrend>> bySubject =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(
            Map.Entry<String, TreeMap<Long, SentimentTrend>> eldest) {
          return size() > SUBJECTS;
        }
      };

  /**
   * @param settings of a Kafka consumer: where the brokers are, and how to be let in
   * @param topic of trends; it exists
   */
  public TrendBoard(
      Map<String, Object> settings,
      String topic,
      RecordFormat<SentimentTrend> format,
      TrendWindows windows) {
    Map<String, Object> own = new HashMap<>(settings);
    own.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    own.remove(ConsumerConfig.GROUP_ID_CONFIG);
    own.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    this.consumer =
        new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.topic = topic;
    this.format = format;
    this.windows = windows;
    reader.setDaemon(true);
  }

  /** Begins to read. */
  public void start() {
    reader.start();
  }

  /**
   * The subjects whose name contains these letters, whatever their case.
   *
   * @param query empty for all
   */
  public View view(String query) {
    return view(query, System.currentTimeMillis());
  }

  synchronized View view(String query, long now) {
    long newest = windows.start(now);
    List<Long> starts =
        LongStream.rangeClosed(1 - WINDOWS, 0)
            .mapToObj(step -> newest + step * windows.size().toMillis())
            .toList();
    String wanted = query.strip().toLowerCase(Locale.ROOT);
    List<Row> rows =
        bySubject.entrySet().stream()
            .filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).contains(wanted))
            .map(entry -> row(entry.getKey(), entry.getValue(), starts))
            .filter(row -> row.reviews() > 0)
            .sorted(Comparator.comparingLong(Row::reviews).reversed().thenComparing(Row::subject))
            .toList();
    return new View(
        windows.size().toMillis(),
        starts,
        rows.subList(0, Math.min(SHOWN, rows.size())),
        rows.size());
  }

  @Override
  public void close() {
    closing.countDown();
    consumer.wakeup();
    format.close();
    try {
      reader.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Row row(String subject, TreeMap<Long, SentimentTrend> trends, List<Long> starts) {
    Map<String, long[]> counts = new TreeMap<>();
    Map<String, Double[]> means = new TreeMap<>();
    long reviews = 0;
    for (int step = 0; step < starts.size(); step++) {
      SentimentTrend trend = trends.get(starts.get(step));
      if (trend == null) {
        continue;
      }
      reviews += trend.getReviews();
      for (Map.Entry<String, Long> label : trend.getLabels().entrySet()) {
        counts.computeIfAbsent(label.getKey(), none -> new long[starts.size()])[step] =
            label.getValue();
      }
      for (Map.Entry<String, Double> mean : trend.getMeanProbabilities().entrySet()) {
        means.computeIfAbsent(mean.getKey(), none -> new Double[starts.size()])[step] =
            mean.getValue();
      }
    }
    return new Row(subject, reviews, counts, means);
  }

  private void read() {
    try (consumer) {
      do {
        readOn();
      } while (!closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      LOG.debug("Interrupted.", e);
    }
  }

  /** Reads from where the oldest window that is shown begins, until it is closed or cannot. */
  private void readOn() {
    try {
      seek();
      while (true) {
        consumer.poll(POLL).forEach(this::take);
      }
    } catch (WakeupException e) {
      LOG.debug("Closed.");
    } catch (KafkaException | SchemaRegistryUnavailableException e) {
      LOG.warn(
          "The page shows no new trends until the topic {} can be read again: {}",
          topic,
          e.getMessage());
    }
  }

  private void seek() {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    long first = windows.start(System.currentTimeMillis()) - WINDOWS * windows.size().toMillis();
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, Math.max(0, first)));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp offset = found.get(partition);
      if (offset == null) {
        consumer.seekToEnd(List.of(partition));
      } else {
        consumer.seek(partition, offset.offset());
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    try {
      take(format.read(record.value()), System.currentTimeMillis());
    } catch (UnreadableRecordException e) {
      LOG.debug("{}-{} at offset {} is no trend", topic, record.partition(), record.offset(), e);
    }
  }

  synchronized void take(SentimentTrend trend, long now) {
    long oldest = windows.start(now) - (WINDOWS - 1) * windows.size().toMillis();
    long start = trend.getWindowStart().toEpochMilli();
    if (start < oldest) {
      return;
    }
    String subject = trend.getSubject() == null ? "" : trend.getSubject();
    TreeMap<Long, SentimentTrend> known =
        bySubject.computeIfAbsent(subject, none -> new TreeMap<>());
    known.headMap(oldest).clear();
    known.put(start, trend);
  }
}
