package dev.valence.cli;

import dev.valence.model.Reason;
import dev.valence.stream.ValenceConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The Kafka that a command talks to. */
final class Brokers {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--stream-config",
      paramLabel = "F",
      description =
          "Properties file of 'valence stream': brokers, how to sign in to them, topics, schema"
              + " registry and application are read from it.")
  private Path config;

  @Option(
      names = "--bootstrap-server",
      paramLabel = "B",
      description =
          "Where Kafka is, host:port[,host:port]... Default: what --stream-config says, else"
              + " localhost:9092.")
  private String address;

  private final ClientLog clientLog = new ClientLog();

  Brokers() {}

  /**
   * Brokers that no option names.
   *
   * @param address {@code host:port[,host:port]...}
   */
  Brokers(String address) {
    this.address = address;
  }

  /** Where they are, {@code host:port[,host:port]...}. */
  String address() {
    return String.join(",", settings().kafka().bootstrapServers());
  }

  /** What the processors that use them are told. */
  ValenceConfig settings() {
    return settings(Map.of());
  }

  /**
   * What the processors that use them are told.
   *
   * @param options keys that win over their file; a null value stands for an option not given
   * @throws ParameterException if a key is unknown or a value wrong
   * @throws CommandFailedException if so, and no option names these brokers
   */
  ValenceConfig settings(Map<String, String> options) {
    Map<String, String> all = new LinkedHashMap<>(options);
    all.put("kafka.bootstrap.servers", address);
    try {
      return new StreamConfigFile(config).with(all);
    } catch (ConfigException e) {
      throw spec == null
          ? new CommandFailedException(e.getMessage(), e)
          : new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /**
   * Settings of a client that reaches them.
   *
   * @param client what else it is told
   */
  Map<String, Object> reaching(Map<String, ?> client) {
    Map<String, Object> all = settings().kafka().connection();
    all.putAll(client);
    return all;
  }

  /**
   * Asks whether a broker answers, since the clients themselves would wait for one without a word.
   *
   * @throws CommandFailedException when none does within ten seconds
   */
  void requireAnswer() {
    String where = address();
    Map<String, Object> client =
        reaching(Map.of(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L));
    clientLog.silence();
    try (Admin admin = Admin.create(client)) {
      try {
        admin.describeCluster().nodes().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } finally {
        admin.close(Duration.ZERO);
      }
    } catch (TimeoutException | ExecutionException e) {
      if (e.getCause() instanceof SslAuthenticationException) {
        throw new CommandFailedException(
            "no TLS with the Kafka brokers at %s: %s. Name who signed their certificate with kafka.ssl.truststore.location in the file of --stream-config."
                .formatted(where, reason(e.getCause())),
            e);
      }
      if (e.getCause() instanceof AuthenticationException) {
        throw new CommandFailedException(
            "the Kafka brokers at %s do not let us in: %s. Say how to sign in with --stream-config."
                .formatted(where, e.getCause().getMessage()),
            e);
      }
      throw new CommandFailedException(
          "no Kafka broker answers at "
              + where
              + " (waited "
              + PATIENCE.toSeconds()
              + " s). Start one (valence broker), or name another with --bootstrap-server; one that"
              + " wants TLS or a password needs --stream-config.",
          e);
    } catch (KafkaException e) {
      if (!(e.getCause() instanceof ConfigException)) {
        throw new CommandFailedException(
            "cannot connect to %s as --stream-config says: %s."
                .formatted(where, reason(e.getCause() == null ? e : e.getCause())),
            e);
      }
      throw new CommandFailedException(
          "wrong --bootstrap-server: " + where + ": " + e.getCause().getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted while waiting for " + where, e);
    } finally {
      clientLog.unmute();
    }
  }

  /** Why a client of Kafka failed: all causes in turn, but for those that only repeat the next. */
  static String reason(Throwable thrown) {
    Throwable cause = thrown.getCause();
    if (cause == null) {
      return Reason.of(thrown instanceof Exception known ? known : new Exception(thrown));
    }
    String own = thrown.getMessage();
    boolean repeats = own == null || own.endsWith(String.valueOf(cause.getMessage()));
    return repeats ? reason(cause) : own + ": " + reason(cause);
  }
}
