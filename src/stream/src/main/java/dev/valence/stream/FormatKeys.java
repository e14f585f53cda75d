package dev.valence.stream;

import dev.valence.stream.format.JsonFields;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SentimentFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/** Keys of {@code valence stream} for how reviews and scores are written in records. */
public final class FormatKeys {
  public static final String INPUT_FORMAT_CONFIG = "valence.input.format";
  public static final String OUTPUT_FORMAT_CONFIG = "valence.output.format";
  public static final String JSON_FIELD_TEXT_CONFIG = "valence.json.field.text";
  public static final String JSON_FIELD_ID_CONFIG = "valence.json.field.id";
  public static final String JSON_FIELD_SUBJECT_CONFIG = "valence.json.field.subject";
  public static final String JSON_FIELD_WRITTEN_AT_CONFIG = "valence.json.field.written.at";
  public static final String JSON_PASS_THROUGH_CONFIG = "valence.json.pass.through";
  public static final String SCHEMA_REGISTRY_URL_CONFIG = "valence.schema.registry.url";
  public static final String SCHEMA_REGISTRY_USER_CONFIG = "valence.schema.registry.user";
  public static final String SCHEMA_REGISTRY_PASSWORD_CONFIG = "valence.schema.registry.password";
  public static final String SCHEMA_REGISTRY_REGISTER_CONFIG = "valence.schema.registry.register";
  public static final String SCHEMA_REGISTRY_TIMEOUT_MS_CONFIG =
      "valence.schema.registry.timeout.ms";

  private FormatKeys() {}

  /** Adds these keys. */
  static void define(ConfigDef definition) {
    definition
        .define(
            INPUT_FORMAT_CONFIG,
            Type.STRING,
            ReviewFormat.AVRO,
            oneOf(ReviewFormat.NAMES, ReviewFormat.REGISTERED),
            Importance.HIGH,
            "Format of reviews: avro (single-object encoding of Review), avro-registry (the same schema or"
                + " one that resolves to it, from a schema registry), json or text (the value is the"
                + " review's text). A review without an id takes the record's key, else"
                + " `<topic>-<partition>-<offset>`.")
        .define(
            OUTPUT_FORMAT_CONFIG,
            Type.STRING,
            SentimentFormat.AVRO,
            oneOf(SentimentFormat.NAMES, SentimentFormat.REGISTERED),
            Importance.HIGH,
            "Format of scores: avro (single-object encoding of ReviewSentiment), avro-registry (its schema"
                + " in a schema registry, as the subject `<topic>-value`) or json.")
        .define(
            JSON_FIELD_TEXT_CONFIG,
            Type.STRING,
            JsonFields.DEFAULT.text(),
            jsonField(),
            Importance.MEDIUM,
            "Field of a review in JSON that holds its text: a name, or a JSON Pointer such as"
                + " `/payload/body`.")
        .define(
            JSON_FIELD_ID_CONFIG,
            Type.STRING,
            JsonFields.DEFAULT.id(),
            jsonField(),
            Importance.MEDIUM,
            "Field of a review in JSON that holds its id, a string or an integer: a name or a JSON Pointer. It"
                + " may be missing.")
        .define(
            JSON_FIELD_SUBJECT_CONFIG,
            Type.STRING,
            JsonFields.DEFAULT.subject(),
            jsonField(),
            Importance.MEDIUM,
            "Field of a review in JSON that says what it is about, a string: a name or a JSON Pointer. It may"
                + " be missing.")
        .define(
            JSON_FIELD_WRITTEN_AT_CONFIG,
            Type.STRING,
            JsonFields.DEFAULT.writtenAt(),
            jsonField(),
            Importance.MEDIUM,
            "Field of a review in JSON that says when it was written, in ISO 8601 with an offset or in"
                + " milliseconds since 1970: a name or a JSON Pointer. It may be missing.")
        .define(
            JSON_PASS_THROUGH_CONFIG,
            Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether a score in JSON has a field `review` with all that the review's JSON object had but"
                + " its text and id.")
        .define(
            SCHEMA_REGISTRY_URL_CONFIG,
            Type.STRING,
            "",
            LambdaValidator.with(
                (name, value) -> requireHttp(name, (String) value), () -> "an http(s) address"),
            Importance.MEDIUM,
            "Where the schema registry (Apicurio Registry) of the format avro-registry is.")
        .define(
            SCHEMA_REGISTRY_USER_CONFIG,
            Type.STRING,
            "",
            Importance.LOW,
            "User to name to the schema registry; empty for none.")
        .define(
            SCHEMA_REGISTRY_PASSWORD_CONFIG,
            Type.PASSWORD,
            "",
            Importance.LOW,
            "Password of the user that valence.schema.registry.user names.")
        .define(
            SCHEMA_REGISTRY_REGISTER_CONFIG,
            Type.BOOLEAN,
            true,
            Importance.LOW,
            "Whether to put the schema of scores into the registry; otherwise it must be there.")
        .define(
            SCHEMA_REGISTRY_TIMEOUT_MS_CONFIG,
            Type.INT,
            120_000,
            Range.between(1, 3_600_000),
            Importance.LOW,
            "How long in milliseconds a thread asks a schema registry that does not answer, before another"
                + " thread takes over and reads again what was not committed. Keep it below"
                + " kafka.consumer.max.poll.interval.ms.");
  }

  /**
   * Checks what no key can be asked alone.
   *
   * @throws ConfigException if a format lacks what it needs
   */
  static void check(AbstractConfig config) {
    requireRegistry(config, INPUT_FORMAT_CONFIG, ReviewFormat.REGISTERED);
    requireRegistry(config, OUTPUT_FORMAT_CONFIG, SentimentFormat.REGISTERED);
    requireJsonToPassOn(config);
    requireNoneInside(config);
  }

  private static void requireRegistry(AbstractConfig config, String key, String registered) {
    if (config.getString(key).equals(registered)
        && config.getString(SCHEMA_REGISTRY_URL_CONFIG).isEmpty()) {
      throw new ConfigException(
          key, registered, "needs a schema registry: set " + SCHEMA_REGISTRY_URL_CONFIG);
    }
  }

  private static void requireJsonToPassOn(AbstractConfig config) {
    if (config.getBoolean(JSON_PASS_THROUGH_CONFIG)
        && !(config.getString(INPUT_FORMAT_CONFIG).equals(ReviewFormat.JSON)
            && config.getString(OUTPUT_FORMAT_CONFIG).equals(SentimentFormat.JSON))) {
      throw new ConfigException(
          JSON_PASS_THROUGH_CONFIG,
          true,
          "needs " + INPUT_FORMAT_CONFIG + "=json and " + OUTPUT_FORMAT_CONFIG + "=json");
    }
  }

  /** What holds a string holds no other field. */
  private static void requireNoneInside(AbstractConfig config) {
    List<String> keys =
        List.of(
            JSON_FIELD_TEXT_CONFIG,
            JSON_FIELD_ID_CONFIG,
            JSON_FIELD_SUBJECT_CONFIG,
            JSON_FIELD_WRITTEN_AT_CONFIG);
    for (String inner : keys) {
      for (String outer : keys) {
        String place = JsonFields.pointer(config.getString(outer)) + "/";
        if (JsonFields.pointer(config.getString(inner)).toString().startsWith(place)) {
          throw new ConfigException(
              inner, config.getString(inner), "lies inside of the string that " + outer + " names");
        }
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
}
