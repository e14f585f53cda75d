package dev.valence.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/** Keys of {@code valence stream} for its topics, and for the trends that are counted onto one. */
public final class TopicKeys {
  public static final String TOPIC_REVIEWS_CONFIG = "valence.topic.reviews";
  public static final String TOPIC_SENTIMENTS_CONFIG = "valence.topic.sentiments";
  public static final String TOPIC_DEAD_LETTERS_CONFIG = "valence.topic.dead.letters";
  public static final String TOPIC_CONTROL_CONFIG = "valence.topic.control";
  public static final String TOPIC_TRENDS_CONFIG = "valence.topic.trends";
  public static final String TRENDS_ENABLED_CONFIG = "valence.trends.enabled";
  public static final String TRENDS_WINDOW_MS_CONFIG = "valence.trends.window.ms";
  public static final String TRENDS_GRACE_MS_CONFIG = "valence.trends.grace.ms";
  public static final String TRENDS_RETENTION_MS_CONFIG = "valence.trends.retention.ms";
  public static final String TOPICS_CREATE_CONFIG = "valence.topics.create";
  public static final String TOPICS_PARTITIONS_CONFIG = "valence.topics.partitions";
  public static final String TOPICS_REPLICATION_FACTOR_CONFIG = "valence.topics.replication.factor";
  public static final String TOPICS_MAX_MESSAGE_BYTES_CONFIG = "valence.topics.max.message.bytes";

  /** Ends the name of the topic that trends are counted from. */
  static final String TREND_SCORES = "-scores";

  private TopicKeys() {}

  /** Adds these keys. */
  static void define(ConfigDef definition) {
    definition
        .define(
            TOPIC_REVIEWS_CONFIG,
            Type.STRING,
            "reviews",
            topicName(),
            Importance.HIGH,
            "Topic that reviews are read from.")
        .define(
            TOPIC_SENTIMENTS_CONFIG,
            Type.STRING,
            "review-sentiments",
            topicName(),
            Importance.HIGH,
            "Topic that scores are written to.")
        .define(
            TOPIC_DEAD_LETTERS_CONFIG,
            Type.STRING,
            "reviews-dead-letters",
            topicName(),
            Importance.HIGH,
            "Topic for what cannot be read or scored: original bytes, the reason in headers.")
        .define(
            TOPIC_CONTROL_CONFIG,
            Type.STRING,
            "valence-control",
            LambdaValidator.with(
                (name, value) -> requireTopicNameOrNothing(name, (String) value),
                () -> "a topic name, or empty"),
            Importance.MEDIUM,
            "Compacted topic that says which model version is active (see valence model activate); empty"
                + " to follow none.")
        .define(
            TOPIC_TRENDS_CONFIG,
            Type.STRING,
            "review-sentiment-trends",
            topicName(),
            Importance.MEDIUM,
            "Compacted topic for what the reviews of each subject came to, window by window. What it is"
                + " counted from is on the topic of that name and `-scores`.")
        .define(
            TRENDS_ENABLED_CONFIG,
            Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether to count reviews and average their probabilities by subject and window of time, in"
                + " the format of the scores.")
        .define(
            TRENDS_WINDOW_MS_CONFIG,
            Type.LONG,
            300_000L,
            Range.between(1_000, 604_800_000L),
            Importance.MEDIUM,
            "Length of a window in milliseconds. Open windows of all subjects are kept in memory.")
        .define(
            TRENDS_GRACE_MS_CONFIG,
            Type.LONG,
            3_600_000L,
            Range.between(0, 604_800_000L),
            Importance.MEDIUM,
            "How long after its end, in milliseconds of the reviews' timestamps, a window still counts"
                + " what comes late.")
        .define(
            TRENDS_RETENTION_MS_CONFIG,
            Type.LONG,
            604_800_000L,
            Range.atLeast(3_600_000),
            Importance.LOW,
            "How long in milliseconds the created topics of trends keep a record (retention.ms).")
        .define(
            TOPICS_CREATE_CONFIG,
            Type.BOOLEAN,
            true,
            Importance.MEDIUM,
            "Whether to create topics that are missing at start. Scores and dead letters are kept as long as"
                + " reviews where their topic was told more than a week, else as the brokers' default is.")
        .define(
            TOPICS_PARTITIONS_CONFIG,
            Type.INT,
            4,
            Range.atLeast(1),
            Importance.MEDIUM,
            "Partitions of a created topic of reviews. Created topics of scores, dead letters and trends get as"
                + " many as the topic of reviews has, the control topic one.")
        .define(
            TOPICS_REPLICATION_FACTOR_CONFIG,
            Type.SHORT,
            (short) -1,
            LambdaValidator.with(
                (name, value) -> requireReplicas(name, (Short) value), () -> "-1 or [1,...]"),
            Importance.MEDIUM,
            "Replicas of a created topic; -1 takes the broker's default.")
        .define(
            TOPICS_MAX_MESSAGE_BYTES_CONFIG,
            Type.INT,
            16 << 20,
            Range.between(1 << 10, 1 << 30),
            Importance.LOW,
            "Largest record of a created topic of reviews (max.message.bytes). Created topics of scores and dead"
                + " letters get a mebibyte more, for headers; the others take the brokers' default.");
  }

  /**
   * Checks what no key can be asked alone.
   *
   * @throws ConfigException if two topics are the same
   */
  static void check(AbstractConfig config) {
    List<String> keys =
        List.of(
            TOPIC_REVIEWS_CONFIG,
            TOPIC_SENTIMENTS_CONFIG,
            TOPIC_DEAD_LETTERS_CONFIG,
            TOPIC_TRENDS_CONFIG,
            TOPIC_CONTROL_CONFIG);
    Map<String, String> keyByTopic = new HashMap<>();
    String trendScores = config.getString(TOPIC_TRENDS_CONFIG) + TREND_SCORES;
    keyByTopic.put(trendScores, "the topic of scores that go into " + TOPIC_TRENDS_CONFIG);
    for (String key : keys) {
      String other = keyByTopic.put(config.getString(key), key);
      if (other != null) {
        throw new ConfigException(
            key,
            config.getString(key),
            "must differ from " + other + ", or records would go in circles");
      }
    }
  }

  private static LambdaValidator topicName() {
    return LambdaValidator.with(
        (name, value) -> requireTopicName(name, (String) value), () -> "a topic name");
  }

  private static void requireTopicName(String name, String topic) {
    if (!topic.matches("[a-zA-Z0-9._-]{1,249}") || topic.matches("\\.{1,2}")) {
      throw new ConfigException(
          name, topic, "a topic's name has 1 to 249 letters, digits, dots, _ and -");
    }
  }

  private static void requireTopicNameOrNothing(String name, String topic) {
    if (!topic.isEmpty()) {
      requireTopicName(name, topic);
    }
  }

  private static void requireReplicas(String name, short replicas) {
    if (replicas < 1 && replicas != -1) {
      throw new ConfigException(name, replicas, "must be -1 or at least 1");
    }
  }
}
