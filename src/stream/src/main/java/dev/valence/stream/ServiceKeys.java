package dev.valence.stream;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/** Keys of {@code valence stream} for its start and for what it shows over HTTP. */
public final class ServiceKeys {
  public static final String HTTP_HOST_CONFIG = "valence.http.host";
  public static final String HTTP_PORT_CONFIG = "valence.http.port";
  public static final String PAGE_ENABLED_CONFIG = "valence.page.enabled";
  public static final String PAGE_NAMES_CONFIG = "valence.page.names";
  public static final String PAGE_ADMIN_TOKEN_CONFIG = "valence.page.admin.token";
  public static final String START_TIMEOUT_MS_CONFIG = "valence.start.timeout.ms";

  private ServiceKeys() {}

  /** Adds these keys. */
  static void define(ConfigDef definition) {
    definition
        .define(
            HTTP_HOST_CONFIG,
            Type.STRING,
            "127.0.0.1",
            new NonEmptyString(),
            Importance.MEDIUM,
            "Address that the page, /metrics, /healthz and /readyz listen on; by default this machine"
                + " alone sees them.")
        .define(
            HTTP_PORT_CONFIG,
            Type.INT,
            8650,
            Range.between(0, 65_535),
            Importance.MEDIUM,
            "Port that the page, /metrics, /healthz and /readyz listen on; 0 takes any free one.")
        .define(
            PAGE_ENABLED_CONFIG,
            Type.BOOLEAN,
            true,
            Importance.MEDIUM,
            "Whether to show the live page, with the texts of reviews, where the metrics are.")
        .define(
            PAGE_NAMES_CONFIG,
            Type.LIST,
            "",
            LambdaValidator.with(
                (name, value) -> requireNames(name, (List<?>) value), () -> "names without a port"),
            Importance.LOW,
            "Names by which browsers may ask for the page, besides localhost and addresses, such as"
                + " `reviews.example.org`. To others it does not answer: a web site could point its own"
                + " name to this machine and read along.")
        .define(
            PAGE_ADMIN_TOKEN_CONFIG,
            Type.PASSWORD,
            "",
            LambdaValidator.with(
                (name, value) -> requireToken(name, (Password) value),
                () -> "16 or more visible ASCII characters, or empty"),
            Importance.LOW,
            "Whoever has this token may change from the page which model scores, as valence model activate"
                + " does; empty if nobody may. The page sends it as it is: let it travel over TLS or this"
                + " machine only.")
        .define(
            START_TIMEOUT_MS_CONFIG,
            Type.INT,
            15_000,
            Range.between(1, 3_600_000),
            Importance.LOW,
            "Longest time in milliseconds to wait for a broker and its topics at start.");
  }

  /**
   * Checks what no key can be asked alone.
   *
   * @throws ConfigException if somebody may change models, and there is no topic to do it on
   */
  static void check(ValenceConfig config) {
    if (config.adminToken().isPresent() && config.controlTopic().isEmpty()) {
      throw new ConfigException(
          PAGE_ADMIN_TOKEN_CONFIG,
          "[hidden]",
          "needs a control topic: set " + TopicKeys.TOPIC_CONTROL_CONFIG);
    }
  }

  private static void requireNames(String key, List<?> names) {
    for (Object name : names) {
      if (!name.toString().matches("[A-Za-z0-9._-]+")) {
        throw new ConfigException(key, names, "'" + name + "' is not a name without a port");
      }
    }
  }

  private static void requireToken(String name, Password token) {
    if (!token.value().matches("|[!-~]{16,}")) {
      throw new ConfigException(
          name, token, "must have 16 or more visible ASCII characters, or be empty");
    }
  }
}
