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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * Configuration of the processor, checked as a whole when it is made.
 *
 * <p>Keys that begin with {@code valence.} are declared here; keys that begin with {@code kafka.}
 * pass to Kafka Streams without that prefix (see {@link KafkaSettings}). There are no others.
 */
public final class ValenceConfig extends AbstractConfig {

  /** Prefix of the keys declared here. */
  public static final String PREFIX = "valence.";

  public static final String TOPIC_REVIEWS_CONFIG = "valence.topic.reviews";
  private static final String TOPIC_REVIEWS_DOC = "Topic that reviews are read from.";

  public static final String TOPIC_SENTIMENTS_CONFIG = "valence.topic.sentiments";
  private static final String TOPIC_SENTIMENTS_DOC = "Topic that scores are written to.";

  public static final String TOPIC_DEAD_LETTERS_CONFIG = "valence.topic.dead.letters";
  private static final String TOPIC_DEAD_LETTERS_DOC =
      "Topic for what cannot be read or scored: original bytes, the reason in headers.";

  public static final String TOPIC_CONTROL_CONFIG = "valence.topic.control";
  private static final String TOPIC_CONTROL_DOC =
      "Compacted topic that says which model version is active (see valence model activate); empty"
          + " to follow none.";

  public static final String TOPIC_TRENDS_CONFIG = "valence.topic.trends";
  private static final String TOPIC_TRENDS_DOC =
      "Compacted topic for what the reviews of each subject came to, window by window. What it is"
          + " counted from is on the topic of that name and `-scores`.";

  public static final String TRENDS_ENABLED_CONFIG = "valence.trends.enabled";
  private static final String TRENDS_ENABLED_DOC =
      "Whether to count reviews and average their probabilities by subject and window of time, in"
          + " the format of the scores.";

  public static final String TRENDS_WINDOW_MS_CONFIG = "valence.trends.window.ms";
  private static final String TRENDS_WINDOW_MS_DOC =
      "Length of a window in milliseconds. Open windows of all subjects are kept in memory.";

  public static final String TRENDS_GRACE_MS_CONFIG = "valence.trends.grace.ms";
  private static final String TRENDS_GRACE_MS_DOC =
      "How long after its end, in milliseconds of the reviews' timestamps, a window still counts"
          + " what comes late.";

  public static final String TRENDS_RETENTION_MS_CONFIG = "valence.trends.retention.ms";
  private static final String TRENDS_RETENTION_MS_DOC =
      "How long in milliseconds the created topics of trends keep a record (retention.ms).";

  public static final String TOPICS_CREATE_CONFIG = "valence.topics.create";
  private static final String TOPICS_CREATE_DOC =
      "Whether to create topics that are missing at start.";

  public static final String TOPICS_PARTITIONS_CONFIG = "valence.topics.partitions";
  private static final String TOPICS_PARTITIONS_DOC =
      "Partitions of a created topic of reviews; the other topics get as many as the topic of"
          + " reviews has.";

  public static final String TOPICS_REPLICATION_FACTOR_CONFIG = "valence.topics.replication.factor";
  private static final String TOPICS_REPLICATION_FACTOR_DOC =
      "Replicas of a created topic; -1 takes the broker's default.";

  public static final String TOPICS_MAX_MESSAGE_BYTES_CONFIG = "valence.topics.max.message.bytes";
  private static final String TOPICS_MAX_MESSAGE_BYTES_DOC =
      "Largest record of a created topic of reviews (max.message.bytes); the other topics get as"
          + " much and room for headers.";

  public static final String INPUT_FORMAT_CONFIG = "valence.input.format";
  private static final String INPUT_FORMAT_DOC =
      "Format of reviews: avro (single-object encoding of Review), avro-registry (the same schema or"
          + " one that resolves to it, from a schema registry), json or text (the value is the"
          + " review's text). A review without an id takes the record's key, else"
          + " `<topic>-<partition>-<offset>`.";

  public static final String OUTPUT_FORMAT_CONFIG = "valence.output.format";
  private static final String OUTPUT_FORMAT_DOC =
      "Format of scores: avro (single-object encoding of ReviewSentiment), avro-registry (its schema"
          + " in a schema registry, as the subject `<topic>-value`) or json.";

  public static final String JSON_FIELD_TEXT_CONFIG = "valence.json.field.text";
  private static final String JSON_FIELD_TEXT_DOC =
      "Field of a review in JSON that holds its text: a name, or a JSON Pointer such as"
          + " `/payload/body`.";

  public static final String JSON_FIELD_ID_CONFIG = "valence.json.field.id";
  private static final String JSON_FIELD_ID_DOC =
      "The same for its id, a string or an integer, which may be missing.";

  public static final String JSON_FIELD_SUBJECT_CONFIG = "valence.json.field.subject";
  private static final String JSON_FIELD_SUBJECT_DOC =
      "The same for what it is about, a string, which may be missing.";

  public static final String JSON_FIELD_WRITTEN_AT_CONFIG = "valence.json.field.written.at";
  private static final String JSON_FIELD_WRITTEN_AT_DOC =
      "The same for when it was written, in ISO 8601 with an offset or in milliseconds since 1970,"
          + " which may be missing.";

  public static final String JSON_PASS_THROUGH_CONFIG = "valence.json.pass.through";
  private static final String JSON_PASS_THROUGH_DOC =
      "Whether a score in JSON has a field `review` with all that the review's JSON object had but"
          + " its text and id.";

  public static final String SCHEMA_REGISTRY_URL_CONFIG = "valence.schema.registry.url";
  private static final String SCHEMA_REGISTRY_URL_DOC =
      "Where the schema registry (Apicurio Registry) of the format avro-registry is.";

  public static final String SCHEMA_REGISTRY_USER_CONFIG = "valence.schema.registry.user";
  private static final String SCHEMA_REGISTRY_USER_DOC =
      "User to name to the schema registry; empty for none.";

  public static final String SCHEMA_REGISTRY_PASSWORD_CONFIG = "valence.schema.registry.password";
  private static final String SCHEMA_REGISTRY_PASSWORD_DOC = "Password of that user.";

  public static final String SCHEMA_REGISTRY_REGISTER_CONFIG = "valence.schema.registry.register";
  private static final String SCHEMA_REGISTRY_REGISTER_DOC =
      "Whether to put the schema of scores into the registry; otherwise it must be there.";

  public static final String BATCH_MAX_REVIEWS_CONFIG = "valence.batch.max.reviews";
  private static final String BATCH_MAX_REVIEWS_DOC =
      "Most reviews that a partition collects before it scores them. Of many, those of like length"
          + " share a run of the model.";

  public static final String BATCH_MAX_TOKENS_CONFIG = "valence.batch.max.tokens";
  private static final String BATCH_MAX_TOKENS_DOC =
      "Most tokens that a partition collects before it scores them.";

  public static final String BUFFER_MAX_BYTES_CONFIG = "valence.buffer.max.bytes";
  private static final String BUFFER_MAX_BYTES_DOC =
      "Most bytes of records that wait in the process to be scored. Each partition has an equal"
          + " share, and may exceed it by one record.";

  public static final String BATCH_MAX_DELAY_MS_CONFIG = "valence.batch.max.delay.ms";
  private static final String BATCH_MAX_DELAY_MS_DOC =
      "Longest time in milliseconds that a review waits for others to be scored with. In a backlog"
          + " it is an eighth of the time that scoring them takes, if that is longer.";

  public static final String MODEL_REPOSITORY_CONFIG = "valence.model.repository";
  private static final String MODEL_REPOSITORY_DOC =
      "Directory that holds one directory per model version. The commands fall back on the model"
          + " that comes with Valence.";

  public static final String MODEL_VERSION_CONFIG = "valence.model.version";
  private static final String MODEL_VERSION_DOC =
      "Version that scores: a positive integer, whatever the control topic says; or latest, until"
          + " a version is activated on the control topic.";

  public static final String MODEL_PRECISION_CONFIG = "valence.model.precision";
  private static final String MODEL_PRECISION_DOC =
      "How a model computes: fp32, int8 (in products of eight-bit integers, which a model must bring"
          + " a graph for), or auto, what is fastest on this machine, measured when a model is"
          + " loaded.";

  public static final String EXPLAIN_WORDS_CONFIG = "valence.explain.words";
  private static final String EXPLAIN_WORDS_DOC =
      "How many words a score names in its field `explanation`, those that moved it most, the"
          + " strongest first; 0 for no explanation.";

  public static final String EXPLAIN_RUNS_CONFIG = "valence.explain.runs";
  private static final String EXPLAIN_RUNS_DOC =
      "How often a review is scored again without some of its words to explain its score, which is"
          + " what an explanation costs. A review of no more words loses each of them in turn; in a"
          + " longer one more runs find the words more exactly.";

  public static final String MODEL_POLL_MS_CONFIG = "valence.model.poll.ms";
  private static final String MODEL_POLL_MS_DOC =
      "How often in milliseconds to look for new versions in the repository.";

  public static final String HTTP_HOST_CONFIG = "valence.http.host";
  private static final String HTTP_HOST_DOC =
      "Address that the page, /metrics, /healthz and /readyz listen on; by default this machine"
          + " alone sees them.";

  public static final String HTTP_PORT_CONFIG = "valence.http.port";
  private static final String HTTP_PORT_DOC =
      "Port that the page, /metrics, /healthz and /readyz listen on; 0 takes any free one.";

  public static final String PAGE_ENABLED_CONFIG = "valence.page.enabled";
  private static final String PAGE_ENABLED_DOC =
      "Whether to show the live page, with the texts of reviews, where the metrics are.";

  public static final String PAGE_ADMIN_TOKEN_CONFIG = "valence.page.admin.token";
  private static final String PAGE_ADMIN_TOKEN_DOC =
      "Whoever has this token may change from the page which model scores, as valence model activate"
          + " does; empty if nobody may. The page sends it as it is: let it travel over TLS or this"
          + " machine only.";

  public static final String START_TIMEOUT_MS_CONFIG = "valence.start.timeout.ms";
  private static final String START_TIMEOUT_MS_DOC =
      "Longest time in milliseconds to wait for a broker and its topics at start.";
  public static final String SCHEMA_REGISTRY_TIMEOUT_MS_CONFIG =
      "valence.schema.registry.timeout.ms";
  private static final String SCHEMA_REGISTRY_TIMEOUT_MS_DOC =
      "How long in milliseconds a thread asks a schema registry that does not answer, before another"
          + " thread takes over and reads again what was not committed. Keep it below"
          + " kafka.consumer.max.poll.interval.ms.";

  private static final String LATEST = "latest";

  static final int DEFAULT_EXPLAIN_RUNS = 32;

  static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              TOPIC_REVIEWS_CONFIG,
              Type.STRING,
              "reviews",
              topicName(),
              Importance.HIGH,
              TOPIC_REVIEWS_DOC)
          .define(
              TOPIC_SENTIMENTS_CONFIG,
              Type.STRING,
              "review-sentiments",
              topicName(),
              Importance.HIGH,
              TOPIC_SENTIMENTS_DOC)
          .define(
              TOPIC_DEAD_LETTERS_CONFIG,
              Type.STRING,
              "reviews-dead-letters",
              topicName(),
              Importance.HIGH,
              TOPIC_DEAD_LETTERS_DOC)
          .define(
              TOPIC_CONTROL_CONFIG,
              Type.STRING,
              "valence-control",
              LambdaValidator.with(
                  (name, value) -> requireTopicNameOrNothing(name, (String) value),
                  () -> "a topic name, or empty"),
              Importance.MEDIUM,
              TOPIC_CONTROL_DOC)
          .define(
              TOPIC_TRENDS_CONFIG,
              Type.STRING,
              "review-sentiment-trends",
              topicName(),
              Importance.MEDIUM,
              TOPIC_TRENDS_DOC)
          .define(TRENDS_ENABLED_CONFIG, Type.BOOLEAN, false, Importance.MEDIUM, TRENDS_ENABLED_DOC)
          .define(
              TRENDS_WINDOW_MS_CONFIG,
              Type.LONG,
              300_000L,
              Range.between(1_000, 604_800_000L),
              Importance.MEDIUM,
              TRENDS_WINDOW_MS_DOC)
          .define(
              TRENDS_GRACE_MS_CONFIG,
              Type.LONG,
              3_600_000L,
              Range.between(0, 604_800_000L),
              Importance.MEDIUM,
              TRENDS_GRACE_MS_DOC)
          .define(
              TRENDS_RETENTION_MS_CONFIG,
              Type.LONG,
              604_800_000L,
              Range.atLeast(3_600_000),
              Importance.LOW,
              TRENDS_RETENTION_MS_DOC)
          .define(
              MODEL_POLL_MS_CONFIG,
              Type.INT,
              2_000,
              Range.between(10, 3_600_000),
              Importance.LOW,
              MODEL_POLL_MS_DOC)
          .define(
              INPUT_FORMAT_CONFIG,
              Type.STRING,
              ReviewFormat.AVRO,
              oneOf(ReviewFormat.NAMES, ReviewFormat.REGISTERED),
              Importance.HIGH,
              INPUT_FORMAT_DOC)
          .define(
              OUTPUT_FORMAT_CONFIG,
              Type.STRING,
              SentimentFormat.AVRO,
              oneOf(SentimentFormat.NAMES, SentimentFormat.REGISTERED),
              Importance.HIGH,
              OUTPUT_FORMAT_DOC)
          .define(
              MODEL_REPOSITORY_CONFIG,
              Type.STRING,
              "models",
              new NonEmptyString(),
              Importance.HIGH,
              MODEL_REPOSITORY_DOC)
          .define(
              MODEL_VERSION_CONFIG,
              Type.STRING,
              LATEST,
              LambdaValidator.with(
                  (name, value) -> parseVersion((String) value), () -> "latest or [1,...]"),
              Importance.HIGH,
              MODEL_VERSION_DOC)
          .define(
              MODEL_PRECISION_CONFIG,
              Type.STRING,
              Precision.AUTO.toString(),
              ValidString.in(
                  Arrays.stream(Precision.values())
                      .map(Precision::toString)
                      .toArray(String[]::new)),
              Importance.MEDIUM,
              MODEL_PRECISION_DOC)
          .define(
              BATCH_MAX_DELAY_MS_CONFIG,
              Type.INT,
              100,
              Range.between(0, 60_000),
              Importance.HIGH,
              BATCH_MAX_DELAY_MS_DOC)
          .define(
              BATCH_MAX_REVIEWS_CONFIG,
              Type.INT,
              256,
              Range.between(1, 100_000),
              Importance.MEDIUM,
              BATCH_MAX_REVIEWS_DOC)
          .define(
              BATCH_MAX_TOKENS_CONFIG,
              Type.INT,
              65_536,
              Range.atLeast(1),
              Importance.MEDIUM,
              BATCH_MAX_TOKENS_DOC)
          .define(
              BUFFER_MAX_BYTES_CONFIG,
              Type.LONG,
              64L << 20,
              Range.atLeast(1),
              Importance.MEDIUM,
              BUFFER_MAX_BYTES_DOC)
          .define(
              EXPLAIN_WORDS_CONFIG,
              Type.INT,
              0,
              Range.between(0, 1_000),
              Importance.MEDIUM,
              EXPLAIN_WORDS_DOC)
          .define(
              EXPLAIN_RUNS_CONFIG,
              Type.INT,
              DEFAULT_EXPLAIN_RUNS,
              Range.between(8, 1_000),
              Importance.LOW,
              EXPLAIN_RUNS_DOC)
          .define(TOPICS_CREATE_CONFIG, Type.BOOLEAN, true, Importance.MEDIUM, TOPICS_CREATE_DOC)
          .define(
              TOPICS_PARTITIONS_CONFIG,
              Type.INT,
              4,
              Range.atLeast(1),
              Importance.MEDIUM,
              TOPICS_PARTITIONS_DOC)
          .define(
              TOPICS_REPLICATION_FACTOR_CONFIG,
              Type.SHORT,
              (short) -1,
              LambdaValidator.with(
                  (name, value) -> requireReplicas(name, (Short) value), () -> "-1 or [1,...]"),
              Importance.MEDIUM,
              TOPICS_REPLICATION_FACTOR_DOC)
          .define(
              TOPICS_MAX_MESSAGE_BYTES_CONFIG,
              Type.INT,
              16 << 20,
              Range.between(1 << 10, 1 << 30),
              Importance.LOW,
              TOPICS_MAX_MESSAGE_BYTES_DOC)
          .define(
              HTTP_HOST_CONFIG,
              Type.STRING,
              "127.0.0.1",
              new NonEmptyString(),
              Importance.MEDIUM,
              HTTP_HOST_DOC)
          .define(
              HTTP_PORT_CONFIG,
              Type.INT,
              8650,
              Range.between(0, 65_535),
              Importance.MEDIUM,
              HTTP_PORT_DOC)
          .define(PAGE_ENABLED_CONFIG, Type.BOOLEAN, true, Importance.MEDIUM, PAGE_ENABLED_DOC)
          .define(
              PAGE_ADMIN_TOKEN_CONFIG,
              Type.PASSWORD,
              "",
              LambdaValidator.with(
                  (name, value) -> requireToken(name, (Password) value),
                  () -> "16 or more visible ASCII characters, or empty"),
              Importance.LOW,
              PAGE_ADMIN_TOKEN_DOC)
          .define(
              JSON_FIELD_TEXT_CONFIG,
              Type.STRING,
              JsonFields.DEFAULT.text(),
              jsonField(),
              Importance.MEDIUM,
              JSON_FIELD_TEXT_DOC)
          .define(
              JSON_FIELD_ID_CONFIG,
              Type.STRING,
              JsonFields.DEFAULT.id(),
              jsonField(),
              Importance.MEDIUM,
              JSON_FIELD_ID_DOC)
          .define(
              JSON_FIELD_SUBJECT_CONFIG,
              Type.STRING,
              JsonFields.DEFAULT.subject(),
              jsonField(),
              Importance.MEDIUM,
              JSON_FIELD_SUBJECT_DOC)
          .define(
              JSON_FIELD_WRITTEN_AT_CONFIG,
              Type.STRING,
              JsonFields.DEFAULT.writtenAt(),
              jsonField(),
              Importance.MEDIUM,
              JSON_FIELD_WRITTEN_AT_DOC)
          .define(
              JSON_PASS_THROUGH_CONFIG,
              Type.BOOLEAN,
              false,
              Importance.MEDIUM,
              JSON_PASS_THROUGH_DOC)
          .define(
              SCHEMA_REGISTRY_URL_CONFIG,
              Type.STRING,
              "",
              LambdaValidator.with(
                  (name, value) -> requireHttp(name, (String) value), () -> "an http(s) address"),
              Importance.MEDIUM,
              SCHEMA_REGISTRY_URL_DOC)
          .define(
              SCHEMA_REGISTRY_USER_CONFIG,
              Type.STRING,
              "",
              Importance.LOW,
              SCHEMA_REGISTRY_USER_DOC)
          .define(
              SCHEMA_REGISTRY_PASSWORD_CONFIG,
              Type.PASSWORD,
              "",
              Importance.LOW,
              SCHEMA_REGISTRY_PASSWORD_DOC)
          .define(
              SCHEMA_REGISTRY_REGISTER_CONFIG,
              Type.BOOLEAN,
              true,
              Importance.LOW,
              SCHEMA_REGISTRY_REGISTER_DOC)
          .define(
              SCHEMA_REGISTRY_TIMEOUT_MS_CONFIG,
              Type.INT,
              120_000,
              Range.between(1, 3_600_000),
              Importance.LOW,
              SCHEMA_REGISTRY_TIMEOUT_MS_DOC)
          .define(
              START_TIMEOUT_MS_CONFIG,
              Type.INT,
              15_000,
              Range.between(1, 3_600_000),
              Importance.LOW,
              START_TIMEOUT_MS_DOC);

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
    requireDifferentTopics();
    requireRegistry(INPUT_FORMAT_CONFIG, ReviewFormat.REGISTERED);
    requireRegistry(OUTPUT_FORMAT_CONFIG, SentimentFormat.REGISTERED);
    requireJsonToPassOn();
    requireControlForAdmin();
    this.kafka = new KafkaSettings(properties, batchMaxDelay());
  }

  /** Topic that reviews are read from. */
  public String reviewsTopic() {
    return getString(TOPIC_REVIEWS_CONFIG);
  }

  /** Topic that scores are written to. */
  public String sentimentsTopic() {
    return getString(TOPIC_SENTIMENTS_CONFIG);
  }

  /** Topic that takes what cannot be read or scored. */
  public String deadLettersTopic() {
    return getString(TOPIC_DEAD_LETTERS_CONFIG);
  }

  /** Topic that says which model is active, if one is followed. */
  public Optional<String> controlTopic() {
    return Optional.of(getString(TOPIC_CONTROL_CONFIG)).filter(topic -> !topic.isEmpty());
  }

  /** Topic that trends are written to. */
  public String trendsTopic() {
    return getString(TOPIC_TRENDS_CONFIG);
  }

  /** Topic that trends are counted from. */
  String trendScoresTopic() {
    return trendsTopic() + "-scores";
  }

  /** Whether reviews are counted by subject. */
  boolean countsTrends() {
    return getBoolean(TRENDS_ENABLED_CONFIG);
  }

  /** The windows that reviews are counted by. */
  TrendWindows trendWindows() {
    return new TrendWindows(
        Duration.ofMillis(getLong(TRENDS_WINDOW_MS_CONFIG)),
        Duration.ofMillis(getLong(TRENDS_GRACE_MS_CONFIG)));
  }

  /** Format of the trends; a new one at each call, with connections of its own. */
  RecordFormat<SentimentTrend> trendFormat() {
    return RecordFormat.trends(getString(OUTPUT_FORMAT_CONFIG), registry(), trendsTopic());
  }

  /** How many words of a review explain its score in its record; 0 for no explanation. */
  int explainWords() {
    return getInt(EXPLAIN_WORDS_CONFIG);
  }

  /** How often a review is scored again to explain its score. */
  int explainRuns() {
    return getInt(EXPLAIN_RUNS_CONFIG);
  }

  /** How often to look for new versions in the repository. */
  Duration modelPoll() {
    return Duration.ofMillis(getInt(MODEL_POLL_MS_CONFIG));
  }

  /** Format of the reviews; a new one at each call, with connections of its own. */
  public ReviewFormat inputFormat() {
    String name = getString(INPUT_FORMAT_CONFIG);
    return switch (name) {
      case ReviewFormat.REGISTERED -> ReviewFormat.registered(schemaRegistry(), reviewsTopic());
      case ReviewFormat.JSON -> ReviewFormat.json(jsonFields());
      default -> ReviewFormat.named(name);
    };
  }

  /** Format of the scores; a new one at each call, with connections of its own. */
  public SentimentFormat outputFormat() {
    String name = getString(OUTPUT_FORMAT_CONFIG);
    if (name.equals(SentimentFormat.REGISTERED)) {
      return SentimentFormat.registered(schemaRegistry(), sentimentsTopic());
    }
    return getBoolean(JSON_PASS_THROUGH_CONFIG)
        ? SentimentFormat.jsonPassingOn(jsonFields())
        : SentimentFormat.named(name);
  }

  /** The schema registry, if one is named; a new connection at each call. */
  public Optional<SchemaRegistry> registry() {
    return getString(SCHEMA_REGISTRY_URL_CONFIG).isEmpty()
        ? Optional.empty()
        : Optional.of(schemaRegistry());
  }

  /** Directory with one directory per model version. */
  public Path modelRepository() {
    return Path.of(getString(MODEL_REPOSITORY_CONFIG));
  }

  /** The pinned version of the model, or empty for the latest. */
  public OptionalLong modelVersion() {
    return parseVersion(getString(MODEL_VERSION_CONFIG));
  }

  /** How models compute. */
  Precision modelPrecision() {
    return Precision.valueOf(getString(MODEL_PRECISION_CONFIG).toUpperCase(Locale.ROOT));
  }

  /** Address of the HTTP endpoints. */
  public String httpHost() {
    return getString(HTTP_HOST_CONFIG);
  }

  /** Port of the HTTP endpoints; 0 for any free one. */
  public int httpPort() {
    return getInt(HTTP_PORT_CONFIG);
  }

  /** Whether the live page is shown. */
  public boolean showsPage() {
    return getBoolean(PAGE_ENABLED_CONFIG);
  }

  /** What lets somebody change from the page which model scores; empty if nobody may. */
  Optional<Password> adminToken() {
    return Optional.of(getPassword(PAGE_ADMIN_TOKEN_CONFIG))
        .filter(token -> !token.value().isEmpty());
  }

  /** How long a start may wait for the broker. */
  public Duration startTimeout() {
    return Duration.ofMillis(getInt(START_TIMEOUT_MS_CONFIG));
  }

  /** How long a review may wait for others. */
  Duration batchMaxDelay() {
    return Duration.ofMillis(getInt(BATCH_MAX_DELAY_MS_CONFIG));
  }

  /** When the batch of a partition is full; the bytes are those of the whole process. */
  BatchLimits batchLimits() {
    return new BatchLimits(
        getInt(BATCH_MAX_REVIEWS_CONFIG),
        getInt(BATCH_MAX_TOKENS_CONFIG),
        getLong(BUFFER_MAX_BYTES_CONFIG),
        batchMaxDelay().toMillis());
  }

  /** What Kafka is told: Valence's defaults, overridden by the keys that begin with kafka. */
  public KafkaSettings kafka() {
    return kafka;
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
            getString(SCHEMA_REGISTRY_URL_CONFIG),
            getString(SCHEMA_REGISTRY_USER_CONFIG),
            getPassword(SCHEMA_REGISTRY_PASSWORD_CONFIG).value(),
            getBoolean(SCHEMA_REGISTRY_REGISTER_CONFIG)),
        Duration.ofMillis(getInt(SCHEMA_REGISTRY_TIMEOUT_MS_CONFIG)));
  }

  private JsonFields jsonFields() {
    return new JsonFields(
        getString(JSON_FIELD_TEXT_CONFIG),
        getString(JSON_FIELD_ID_CONFIG),
        getString(JSON_FIELD_SUBJECT_CONFIG),
        getString(JSON_FIELD_WRITTEN_AT_CONFIG));
  }

  private void requireRegistry(String key, String registered) {
    if (getString(key).equals(registered) && getString(SCHEMA_REGISTRY_URL_CONFIG).isEmpty()) {
      throw new ConfigException(
          key, registered, "needs a schema registry: set " + SCHEMA_REGISTRY_URL_CONFIG);
    }
  }

  private void requireJsonToPassOn() {
    if (getBoolean(JSON_PASS_THROUGH_CONFIG)
        && !(getString(INPUT_FORMAT_CONFIG).equals(ReviewFormat.JSON)
            && getString(OUTPUT_FORMAT_CONFIG).equals(SentimentFormat.JSON))) {
      throw new ConfigException(
          JSON_PASS_THROUGH_CONFIG,
          true,
          "needs " + INPUT_FORMAT_CONFIG + "=json and " + OUTPUT_FORMAT_CONFIG + "=json");
    }
  }

  private void requireControlForAdmin() {
    if (adminToken().isPresent() && controlTopic().isEmpty()) {
      throw new ConfigException(
          PAGE_ADMIN_TOKEN_CONFIG,
          "[hidden]",
          "needs a control topic: set " + TOPIC_CONTROL_CONFIG);
    }
  }

  private static void requireToken(String name, Password token) {
    if (!token.value().matches("|[!-~]{16,}")) {
      throw new ConfigException(
          name, token, "must have 16 or more visible ASCII characters, or be empty");
    }
  }

  private void requireDifferentTopics() {
    List<String> keys =
        List.of(
            TOPIC_REVIEWS_CONFIG,
            TOPIC_SENTIMENTS_CONFIG,
            TOPIC_DEAD_LETTERS_CONFIG,
            TOPIC_TRENDS_CONFIG,
            TOPIC_CONTROL_CONFIG);
    Map<String, String> keyByTopic = new HashMap<>();
    for (String key : keys) {
      String other = keyByTopic.put(getString(key), key);
      if (other != null) {
        throw new ConfigException(
            key, getString(key), "must differ from " + other + ", or records would go in circles");
      }
    }
  }

  private static ValidString oneOf(List<String> names, String another) {
    return ValidString.in(Stream.concat(names.stream(), Stream.of(another)).toArray(String[]::new));
  }

  private static LambdaValidator jsonField() {
    return LambdaValidator.with(
        (name, value) -> {
          try {
            JsonFields.pointer((String) value);
          } catch (IllegalArgumentException e) {
            throw new ConfigException(name, value, e.getMessage());
          }
        },
        () -> "a name or a JSON Pointer");
  }

  private static void requireHttp(String name, String url) {
    if (!url.isEmpty() && !url.matches("https?://[^/]+.*")) {
      throw new ConfigException(name, url, "must begin with http:// or https:// and a host");
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

  private static OptionalLong parseVersion(String version) {
    if (version.equals(LATEST)) {
      return OptionalLong.empty();
    }
    if (!version.matches("[1-9][0-9]{0,17}")) {
      throw new ConfigException(
          MODEL_VERSION_CONFIG, version, "must be a positive integer, or " + LATEST);
    }
    return OptionalLong.of(Long.parseLong(version));
  }
}
