package dev.valence.cli;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Option;

/** The Kafka that a command talks to. */
final class Brokers {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Option(
      names = "--bootstrap-server",
      paramLabel = "B",
      defaultValue = "localhost:9092",
      description = "Where Kafka is, host:port[,host:port]... Default: ${DEFAULT-VALUE}.")
  private String address;

  private final ClientLog clientLog = new ClientLog();

  Brokers() {}

  Brokers(String address) {
    this.address = address;
  }

  String address() {
    return address;
  }

  /**
   * Asks whether a broker answers, since the clients themselves would wait for one without a word.
   *
   * @throws CommandFailedException when none does within ten seconds
   */
  void requireAnswer() {
    Map<String, Object> settings =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            address,
            CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            500L);
    clientLog.mute();
    try (Admin admin = Admin.create(settings)) {
      try {
        admin.describeCluster().nodes().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } finally {
        admin.close(Duration.ZERO);
      }
    } catch (TimeoutException | ExecutionException e) {
      throw new CommandFailedException(
          "no Kafka broker answers at "
              + address
              + " (waited "
              + PATIENCE.toSeconds()
              + " s). Start one (valence broker), or name another with --bootstrap-server.",
          e);
    } catch (KafkaException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new CommandFailedException(
          "wrong --bootstrap-server: " + address + ": " + reason.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted while waiting for " + address, e);
    } finally {
      clientLog.unmute();
    }
  }
}
