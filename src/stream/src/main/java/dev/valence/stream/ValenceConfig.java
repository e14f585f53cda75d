package dev.valence.stream;

import dev.valence.model.Precision;
import dev.valence.schema.SentimentTrend;
import dev.valence.stream.format.JsonFields;
import dev.valence.stream.format.RecordFormat;
import dev.valence.stream.format.RegistryConnection;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SchemaRegistry;
import dev.valence.stream.format.SentimentFormat;
import dev.valence.stream.trend.TrendWindows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * Configuration of the processor, checked as a whole when it is made.
 *
 * <p>Keys that begin with {@code valence.} are declared in {@link TopicKeys}, {@link FormatKeys},
 * {@link ScoringKeys} and {@link ServiceKeys}; keys that begin with {@code kafka.} pass to Kafka
 * Streams without that prefix (see {@link KafkaSettings}). There are no others.
 */
public final class ValenceConfig extends AbstractConfig {

  /** Prefix of the keys of Valence itself. */
  public static final String PREFIX = "valence.";

  static final ConfigDef DEFINITION = definition();

  private final KafkaSettings kafka;

  /**
   * Checks and takes over a configuration.
   *
   * @param properties keys that begin with {@code valence.} or {@code kafka.}, and their values
   * @throws ConfigException if a key is unknown or a value is wrong; the message is one line with
   *     the key, the value and the reason
   */
  public ValenceConfig(Map<String, String> properties) {
    super(DEFINITION, valenceKeysOf(properties), false);
    TopicKeys.check(this);
    FormatKeys.check(this);
    ServiceKeys.check(this);
    this.kafka = new KafkaSettings(properties, batchMaxDelay());
  }

  /** Topic that reviews are read from. */
  public String reviewsTopic() {
    return getString(TopicKeys.TOPIC_REVIEWS_CONFIG);
  }

  /** Topic that scores are written to. */
  public String sentimentsTopic() {
    return getString(TopicKeys.TOPIC_SENTIMENTS_CONFIG);
  }

  /** Topic that takes what cannot be read or scored. */
  public String deadLettersTopic() {
    return getString(TopicKeys.TOPIC_DEAD_LETTERS_CONFIG);
  }

  /** Topic that says which model is active, if one is followed. */
  public Optional<String> controlTopic() {
    return Optional.of(getString(TopicKeys.TOPIC_CONTROL_CONFIG)).filter(topic -> !topic.isEmpty());
  }

  /** Topic that trends are written to. */
  public String trendsTopic() {
    return getString(TopicKeys.TOPIC_TRENDS_CONFIG);
  }

  /** Topic that trends are counted from. */
  String trendScoresTopic() {
    return trendsTopic() + TopicKeys.TREND_SCORES;
  }

  /** Whether reviews are counted by subject. */
  boolean countsTrends() {
    return getBoolean(TopicKeys.TRENDS_ENABLED_CONFIG);
  }

  /** The windows that reviews are counted by. */
  TrendWindows trendWindows() {
    return new TrendWindows(
        Duration.ofMillis(getLong(TopicKeys.TRENDS_WINDOW_MS_CONFIG)),
        Duration.ofMillis(getLong(TopicKeys.TRENDS_GRACE_MS_CONFIG)));
  }

  /** Format of the trends; a new one at each call, with connections of its own. */
  RecordFormat<SentimentTrend> trendFormat() {
    return RecordFormat.trends(
        getString(FormatKeys.OUTPUT_FORMAT_CONFIG), registry(), trendsTopic());
  }

  /** How many words of a review explain its score in its record; 0 for no explanation. */
  int explainWords() {
    return getInt(ScoringKeys.EXPLAIN_WORDS_CONFIG);
  }

  /** How often a review is scored again to explain its score. */
  int explainRuns() {
    return getInt(ScoringKeys.EXPLAIN_RUNS_CONFIG);
  }

  /** How often to look for new versions in the repository. */
  Duration modelPoll() {
    return Duration.ofMillis(getInt(ScoringKeys.MODEL_POLL_MS_CONFIG));
  }

  /** Format of the reviews; a new one at each call, with connections of its own. */
  public ReviewFormat inputFormat() {
    String name = getString(FormatKeys.INPUT_FORMAT_CONFIG);
    return switch (name) {
      case ReviewFormat.REGISTERED -> ReviewFormat.registered(schemaRegistry(), reviewsTopic());
      case ReviewFormat.JSON -> ReviewFormat.json(jsonFields());
      default -> ReviewFormat.named(name);
    };
  }

  /** Format of the scores; a new one at each call, with connections of its own. */
  public SentimentFormat outputFormat() {
    String name = getString(FormatKeys.OUTPUT_FORMAT_CONFIG);
    if (name.equals(SentimentFormat.REGISTERED)) {
      return SentimentFormat.registered(schemaRegistry(), sentimentsTopic());
    }
    return getBoolean(FormatKeys.JSON_PASS_THROUGH_CONFIG)
        ? SentimentFormat.jsonPassingOn(jsonFields())
        : SentimentFormat.named(name);
  }

  /** The schema registry, if one is named; a new connection at each call. */
  public Optional<SchemaRegistry> registry() {
    return getString(FormatKeys.SCHEMA_REGISTRY_URL_CONFIG).isEmpty()
        ? Optional.empty()
        : Optional.of(schemaRegistry());
  }

  /** Directory with one directory per model version. */
  public Path modelRepository() {
    return Path.of(getString(ScoringKeys.MODEL_REPOSITORY_CONFIG));
  }

  /** The pinned version of the model, or empty for the latest. */
  public OptionalLong modelVersion() {
    return ScoringKeys.parseVersion(getString(ScoringKeys.MODEL_VERSION_CONFIG));
  }

  /** How models compute. */
  Precision modelPrecision() {
    return Precision.valueOf(
        getString(ScoringKeys.MODEL_PRECISION_CONFIG).toUpperCase(Locale.ROOT));
  }

  /** Address of the HTTP endpoints. */
  public String httpHost() {
    return getString(ServiceKeys.HTTP_HOST_CONFIG);
  }

  /** Port of the HTTP endpoints; 0 for any free one. */
  public int httpPort() {
    return getInt(ServiceKeys.HTTP_PORT_CONFIG);
  }

  /** Whether the live page is shown. */
  public boolean showsPage() {
    return getBoolean(ServiceKeys.PAGE_ENABLED_CONFIG);
  }

  /** Names that the live page goes by, besides those of its machine. */
  List<String> pageNames() {
    return getList(ServiceKeys.PAGE_NAMES_CONFIG);
  }

  /** What lets somebody change from the page which model scores; empty if nobody may. */
  Optional<Password> adminToken() {
    return Optional.of(getPassword(ServiceKeys.PAGE_ADMIN_TOKEN_CONFIG))
        .filter(token -> !token.value().isEmpty());
  }

  /** How long a start may wait for the broker. */
  public Duration startTimeout() {
    return Duration.ofMillis(getInt(ServiceKeys.START_TIMEOUT_MS_CONFIG));
  }

  /** How long a review may wait for others. */
  Duration batchMaxDelay() {
    return Duration.ofMillis(getInt(ScoringKeys.BATCH_MAX_DELAY_MS_CONFIG));
  }

  /** When a thread has collected enough; the bytes are those of the whole process. */
  BatchLimits batchLimits() {
    return new BatchLimits(
        getInt(ScoringKeys.BATCH_MAX_REVIEWS_CONFIG),
        getInt(ScoringKeys.BATCH_MAX_TOKENS_CONFIG),
        getLong(ScoringKeys.BUFFER_MAX_BYTES_CONFIG),
        batchMaxDelay().toMillis());
  }

  /** What Kafka is told: Valence's defaults, overridden by the keys that begin with kafka. */
  public KafkaSettings kafka() {
    return kafka;
  }

  private static ConfigDef definition() {
    ConfigDef definition = new ConfigDef();
    TopicKeys.define(definition);
    FormatKeys.define(definition);
    ScoringKeys.define(definition);
    ServiceKeys.define(definition);
    return definition;
  }

  private static Map<String, String> valenceKeysOf(Map<String, String> properties) {
    Map<String, String> keys = new HashMap<>();
    for (Map.Entry<String, String> property : new TreeMap<>(properties).entrySet()) {
      String key = property.getKey();
      if (key.startsWith(KafkaSettings.PREFIX)) {
        continue;
      }
      if (!DEFINITION.names().contains(key)) {
        throw new ConfigException(new UnknownKey(key, DEFINITION.names()).message());
      }
      keys.put(key, property.getValue());
    }
    return keys;
  }

  private SchemaRegistry schemaRegistry() {
    return new SchemaRegistry(
        new RegistryConnection(
            getString(FormatKeys.SCHEMA_REGISTRY_URL_CONFIG),
            getString(FormatKeys.SCHEMA_REGISTRY_USER_CONFIG),
            getPassword(FormatKeys.SCHEMA_REGISTRY_PASSWORD_CONFIG).value(),
            getBoolean(FormatKeys.SCHEMA_REGISTRY_REGISTER_CONFIG)),
        Duration.ofMillis(getInt(FormatKeys.SCHEMA_REGISTRY_TIMEOUT_MS_CONFIG)));
  }

  private JsonFields jsonFields() {
    return new JsonFields(
        getString(FormatKeys.JSON_FIELD_TEXT_CONFIG),
        getString(FormatKeys.JSON_FIELD_ID_CONFIG),
        getString(FormatKeys.JSON_FIELD_SUBJECT_CONFIG),
        getString(FormatKeys.JSON_FIELD_WRITTEN_AT_CONFIG));
  }
}
