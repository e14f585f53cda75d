package dev.valence.stream;

import dev.valence.model.Precision;
import java.util.Arrays;
import java.util.OptionalLong;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/** Keys of {@code valence stream} for the model, what is scored together, and explanations. */
public final class ScoringKeys {
  private static final String LATEST = "latest";

  static final int DEFAULT_EXPLAIN_RUNS = 32;

  public static final String BATCH_MAX_REVIEWS_CONFIG = "valence.batch.max.reviews";
  public static final String BATCH_MAX_TOKENS_CONFIG = "valence.batch.max.tokens";
  public static final String BUFFER_MAX_BYTES_CONFIG = "valence.buffer.max.bytes";
  public static final String BATCH_MAX_DELAY_MS_CONFIG = "valence.batch.max.delay.ms";
  public static final String MODEL_REPOSITORY_CONFIG = "valence.model.repository";
  public static final String MODEL_VERSION_CONFIG = "valence.model.version";
  public static final String MODEL_PRECISION_CONFIG = "valence.model.precision";
  public static final String EXPLAIN_WORDS_CONFIG = "valence.explain.words";
  public static final String EXPLAIN_RUNS_CONFIG = "valence.explain.runs";
  public static final String MODEL_POLL_MS_CONFIG = "valence.model.poll.ms";

  private ScoringKeys() {}

  /** Adds these keys. */
  static void define(ConfigDef definition) {
    definition
        .define(
            BATCH_MAX_REVIEWS_CONFIG,
            Type.INT,
            512,
            Range.between(1, 100_000),
            Importance.MEDIUM,
            "Most reviews that a thread collects before it scores them. Of many, those of like length"
                + " share a run of the model.")
        .define(
            BATCH_MAX_TOKENS_CONFIG,
            Type.INT,
            131_072,
            Range.atLeast(1),
            Importance.MEDIUM,
            "Most tokens that a thread collects before it scores them.")
        .define(
            BUFFER_MAX_BYTES_CONFIG,
            Type.LONG,
            64L << 20,
            Range.atLeast(1),
            Importance.MEDIUM,
            "Most bytes of records that wait in the process to be scored. Each partition has an equal"
                + " share, and may exceed it by one record.")
        .define(
            BATCH_MAX_DELAY_MS_CONFIG,
            Type.INT,
            500,
            Range.between(0, 60_000),
            Importance.HIGH,
            "Longest time in milliseconds that a review waits for others to be scored with. A thread"
                + " with little to do waits a fifth of it. In a backlog it is an eighth of the time that"
                + " scoring them takes, if that is longer. With 0 each review is scored by itself, which"
                + " takes several times the work.")
        .define(
            MODEL_REPOSITORY_CONFIG,
            Type.STRING,
            "models",
            new NonEmptyString(),
            Importance.HIGH,
            "Directory that holds one directory per model version. Unless this key is set, `valence stream`"
                + " takes the model that comes with Valence instead of this default.")
        .define(
            MODEL_VERSION_CONFIG,
            Type.STRING,
            LATEST,
            LambdaValidator.with(
                (name, value) -> parseVersion((String) value), () -> "latest or [1,...]"),
            Importance.HIGH,
            "Version that scores: a positive integer, whatever the control topic says; or latest, until"
                + " a version is activated on the control topic.")
        .define(
            MODEL_PRECISION_CONFIG,
            Type.STRING,
            Precision.AUTO.toString(),
            ValidString.in(
                Arrays.stream(Precision.values()).map(Precision::toString).toArray(String[]::new)),
            Importance.MEDIUM,
            "How a model computes: fp32, int8 (in products of eight-bit integers, which a model must bring"
                + " a graph for), or auto, what is fastest on this machine, measured when a model is"
                + " loaded.")
        .define(
            EXPLAIN_WORDS_CONFIG,
            Type.INT,
            0,
            Range.between(0, 1_000),
            Importance.MEDIUM,
            "How many words a score names in its field `explanation`, those that moved it most, the"
                + " strongest first; 0 for no explanation.")
        .define(
            EXPLAIN_RUNS_CONFIG,
            Type.INT,
            DEFAULT_EXPLAIN_RUNS,
            Range.between(8, 1_000),
            Importance.LOW,
            "How often a review is scored again without some of its words to explain its score, which is"
                + " what an explanation costs. A review of no more words loses each of them in turn; in a"
                + " longer one more runs find the words more exactly.")
        .define(
            MODEL_POLL_MS_CONFIG,
            Type.INT,
            2_000,
            Range.between(10, 3_600_000),
            Importance.LOW,
            "How often in milliseconds to look for new versions in the repository.");
  }

  /**
   * Reads the version that scores.
   *
   * @return empty for the latest
   * @throws ConfigException if it is neither that nor a positive integer
   */
  static OptionalLong parseVersion(String version) {
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
