package dev.valence.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What Kafka Streams and its clients are told: Valence's defaults, overridden by every key of the
 * configuration that begins with {@code kafka.}, that prefix removed. The prefixes of Kafka Streams
 * for its clients work as in its documentation, for example {@code
 * kafka.consumer.max.poll.records}.
 */
public final class KafkaSettings {

  /** Prefix of the keys that pass to Kafka Streams. */
  public static final String PREFIX = "kafka.";

  /**
   * Where Valence's default differs from Kafka's.
   *
   * @param key the key with its {@link #PREFIX}
   * @param value the default as a person reads it
   * @param reason why it differs
   */
  record Default(String key, String value, String reason) {}

  private static final String TRENDS_SUFFIX = "-trends";
  private static final int MEBIBYTE = 1 << 20;
  private static final int MAX_REQUEST_BYTES = 64 * MEBIBYTE;
  private static final int PRODUCER_MEMORY_BYTES = 128 * MEBIBYTE;
  private static final int COMMIT_INTERVAL_MS = 10_000;
  private static final int SESSION_TIMEOUT_MS = 10_000;
  private static final int TRANSACTION_TIMEOUT_MS = 30_000;
  private static final int MAX_FETCH_BYTES = 16 * MEBIBYTE;

  private final StreamsConfig streams;

  /**
   * Joins defaults and overrides.
   *
   * @param properties all properties; those without {@link #PREFIX} are ignored
   * @param batchMaxDelay how long a review may wait, which bounds how long an idle thread may sleep
   * @throws ConfigException if Kafka Streams refuses a value
   */
  KafkaSettings(Map<String, String> properties, Duration batchMaxDelay) {
    Map<String, Object> settings = defaults(batchMaxDelay);
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(PREFIX)) {
            settings.put(key.substring(PREFIX.length()), value);
          }
        });
    this.streams = checked(settings);
    requireThreads();
    requireRecords();
    requireTimeToScore();
  }

  private void requireRecords() {
    if (maxPollRecords() < 1) {
      throw new ConfigException(
          PREFIX + consumer(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
          maxPollRecords(),
          "Value must be at least 1");
    }
  }

  private void requireThreads() {
    if (threads() < 1) {
      throw new ConfigException(
          PREFIX + StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads(), "Value must be at least 1");
    }
  }

  private void requireTimeToScore() {
    TimeLimit limit = timeLimit();
    if (limit.plannable().isZero()) {
      throw new ConfigException(
          "%s=%d leaves no time to score: it must be more than %d."
              .formatted(
                  limit.key(),
                  limit.time().toMillis(),
                  TimeLimit.MARGIN * limit.reserved().toMillis()));
    }
  }

  /** Everything, as Kafka Streams takes it. */
  public StreamsConfig streams() {
    return streams;
  }

  /** Where brokers are looked for first. */
  public List<String> bootstrapServers() {
    return streams.getList(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG);
  }

  /** Id of the application, which is its consumer group, too. */
  public String applicationId() {
    return streams.getString(StreamsConfig.APPLICATION_ID_CONFIG);
  }

  /** How many threads score, each with a model run of its own. */
  public int threads() {
    return streams.getInt(StreamsConfig.NUM_STREAM_THREADS_CONFIG);
  }

  /**
   * Everything, but for the records that a poll may return.
   *
   * @param mostRecords positive; a smaller number of the configuration stands
   */
  StreamsConfig streamsPolling(int mostRecords) {
    Map<String, Object> settings = new HashMap<>(streams.originals());
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), mostRecords);
    return new QuietStreamsConfig(settings);
  }

  /**
   * Everything for the application that counts reviews by subject, with a thread of its own.
   *
   * @param replicationFactor of its changelog unless the configuration names another, or -1
   */
  StreamsConfig streamsOfTrends(int replicationFactor) {
    Map<String, Object> settings = new HashMap<>(streams.originals());
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId() + TRENDS_SUFFIX);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    settings.putIfAbsent(StreamsConfig.REPLICATION_FACTOR_CONFIG, replicationFactor);
    settings.computeIfPresent(
        StreamsConfig.CLIENT_ID_CONFIG, (key, clientId) -> clientId + TRENDS_SUFFIX);
    return new QuietStreamsConfig(settings);
  }

  /** Records that the configuration lets a poll return. */
  int maxPollRecords() {
    return (int) consumerSetting(ConsumerConfig.MAX_POLL_RECORDS_CONFIG);
  }

  /**
   * The time that a thread has to score what it took in: until its transaction is aborted, or, at
   * least once, until the group believes it dead.
   */
  TimeLimit timeLimit() {
    long pollMillis = consumerSetting(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
    String pollKey = PREFIX + consumer(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
    if (!exactlyOnce()) {
      return new TimeLimit(pollKey, Duration.ofMillis(pollMillis), Duration.ZERO, false);
    }
    Duration putOff =
        Duration.ofMillis(
            Math.min(
                streams.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG),
                EarlyCommits.LONGEST.toMillis()));
    long transactionMillis =
        number(
            PREFIX + producer(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
            streams.getProducerConfigs("").get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG));
    return transactionMillis <= pollMillis
        ? new TimeLimit(
            PREFIX + producer(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
            Duration.ofMillis(transactionMillis),
            putOff,
            true)
        : new TimeLimit(pollKey, Duration.ofMillis(pollMillis), putOff, true);
  }

  /** Whether scores are seen only when they are committed. */
  boolean exactlyOnce() {
    return streams
        .getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)
        .equals(StreamsConfig.EXACTLY_ONCE_V2);
  }

  private long consumerSetting(String key) {
    Object value = streams.getMainConsumerConfigs("", "", 0).get(key);
    return number(
        PREFIX + consumer(key),
        value == null ? ConsumerConfig.configDef().defaultValues().get(key) : value);
  }

  private static long number(String key, Object value) {
    try {
      return Long.parseLong(value.toString().strip());
    } catch (NumberFormatException e) {
      throw new ConfigException(key, value, "Not a whole number");
    }
  }

  /** Whether each instance keeps its place in the group while it restarts. */
  boolean hasStaticMembers() {
    Map<String, Object> consumer = streams.getMainConsumerConfigs("", "", 0);
    return consumer.get(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG) != null;
  }

  /**
   * How a stream of this instance is closed: it leaves its group, so that others take over at once,
   * unless it keeps its place there.
   *
   * @param timeout how long to wait for its threads
   */
  CloseOptions closing(Duration timeout) {
    GroupMembershipOperation membership =
        hasStaticMembers()
            ? GroupMembershipOperation.REMAIN_IN_GROUP
            : GroupMembershipOperation.LEAVE_GROUP;
    return CloseOptions.groupMembershipOperation(membership).withTimeout(timeout);
  }

  /** What any client needs to reach the same brokers: where they are, and who it is to them. */
  public Map<String, Object> connection() {
    Map<String, Object> connection = new HashMap<>(admin());
    connection
        .keySet()
        .removeIf(
            key ->
                !key.equals(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG)
                    && !key.matches("(security|ssl|sasl)\\..*"));
    return connection;
  }

  /** Settings of an administration client that reaches the same brokers. */
  Map<String, Object> admin() {
    return streams.getAdminConfigs(applicationId() + "-start");
  }

  /**
   * Settings of a consumer without a group that reaches the same brokers.
   *
   * @param purpose part of its client id
   */
  public Map<String, Object> reader(String purpose) {
    return streams.getRestoreConsumerConfigs(applicationId() + "-" + purpose);
  }

  /** Settings of a producer without transactions that reaches the same brokers. */
  Map<String, Object> producer() {
    return streams.getProducerConfigs(applicationId() + "-control");
  }

  static List<Default> defaults() {
    return List.of(
        new Default(
            PREFIX + StreamsConfig.APPLICATION_ID_CONFIG,
            "valence",
            "Instances with the same id share the work."),
        new Default(
            PREFIX + StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
            "localhost:9092",
            "Where a development broker listens."),
        new Default(
            PREFIX + StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
            StreamsConfig.EXACTLY_ONCE_V2,
            "Each review is scored exactly once."),
        new Default(
            PREFIX + StreamsConfig.NUM_STREAM_THREADS_CONFIG,
            "one per processor",
            "Each thread runs the model on its own core."),
        new Default(
            PREFIX + StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
            Integer.toString(COMMIT_INTERVAL_MS),
            "What is collected is scored before each commit; 100 ms would score it by twos and threes."
                + " With exactly_once_v2 each batch is committed at once anyway, while commits take no"
                + " more than a fifth of the time."),
        new Default(
            PREFIX + StreamsConfig.POLL_MS_CONFIG,
            "a fortieth of "
                + ScoringKeys.BATCH_MAX_DELAY_MS_CONFIG
                + ", at most "
                + ScoringProcessor.LONGEST_BETWEEN_CHECKS_MILLIS,
            "A thread without records wakes up in time for those that wait."),
        new Default(
            PREFIX + consumer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
            Integer.toString(SESSION_TIMEOUT_MS),
            "Others take over after a crash in 10 s, not 45 s."),
        new Default(
            PREFIX + consumer(ConsumerConfig.FETCH_MAX_BYTES_CONFIG),
            Integer.toString(MAX_FETCH_BYTES),
            "What each thread fetches ahead of each broker takes memory."),
        new Default(
            PREFIX + consumer(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
            "what fits",
            "Kafka Streams' 1000, or as many of the longest reviews as the model scores in a fifth"
                + " of the transaction time-out."),
        new Default(
            PREFIX + producer(ProducerConfig.LINGER_MS_CONFIG),
            "5",
            "Scores leave a batch at a time; Kafka Streams would wait 100 ms for more."),
        new Default(
            PREFIX + producer(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
            Integer.toString(TRANSACTION_TIMEOUT_MS),
            "Room for slow machines. Threads take in only what half of it suffices to score; scores"
                + " that a crash left behind hold readers up for as long."),
        new Default(
            PREFIX + producer(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
            Integer.toString(MAX_REQUEST_BYTES),
            "A dead letter is as large as its record."),
        new Default(
            PREFIX + producer(ProducerConfig.BUFFER_MEMORY_CONFIG),
            Integer.toString(PRODUCER_MEMORY_BYTES),
            "Must hold the largest request."),
        new Default(
            PREFIX + producer(ProducerConfig.COMPRESSION_TYPE_CONFIG),
            "lz4",
            "A dead letter must not outgrow the compressed record it was."));
  }

  private static Map<String, Object> defaults(Duration batchMaxDelay) {
    Map<String, Object> settings = new HashMap<>();
    for (Default entry : defaults()) {
      settings.put(entry.key().substring(PREFIX.length()), entry.value());
    }
    settings.remove(consumer(ConsumerConfig.MAX_POLL_RECORDS_CONFIG));
    settings.put(
        StreamsConfig.NUM_STREAM_THREADS_CONFIG, Runtime.getRuntime().availableProcessors());
    settings.put(
        StreamsConfig.POLL_MS_CONFIG, ScoringProcessor.checkMillis(batchMaxDelay.toMillis()));
    return settings;
  }

  private static StreamsConfig checked(Map<String, Object> settings) {
    try {
      StreamsConfig config = new QuietStreamsConfig(settings);
      config.getMainConsumerConfigs("", "", 0);
      config.getProducerConfigs("");
      config.getAdminConfigs("");
      return config;
    } catch (ConfigException e) {
      throw new ConfigException(
          e.getMessage().replace("for configuration ", "for configuration " + PREFIX));
    } catch (RuntimeException e) {
      throw new ConfigException("settings that begin with " + PREFIX + ": " + e.getMessage());
    }
  }

  private static String consumer(String key) {
    return StreamsConfig.CONSUMER_PREFIX + key;
  }

  private static String producer(String key) {
    return StreamsConfig.PRODUCER_PREFIX + key;
  }

  /** Does not log its values, among which a careless key may be a secret. */
  private static final class QuietStreamsConfig extends StreamsConfig {

    QuietStreamsConfig(Map<String, Object> settings) {
      super(settings, false);
    }
  }
}
