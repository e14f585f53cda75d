package dev.valence.cli;

import dev.valence.stream.control.Assignment;
import dev.valence.stream.control.FleetControl;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The processors of one application, which a command tells what to score with. */
final class Fleet {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ClientLog clientLog = new ClientLog();

  @Mixin private Brokers brokers;

  @Option(
      names = "--application",
      paramLabel = "ID",
      description = "Their kafka.application.id. Default: what --stream-config says, else valence.")
  private String application;

  @Option(
      names = "--control-topic",
      paramLabel = "T",
      description =
          "Their valence.topic.control. Default: what --stream-config says, else valence-control.")
  private String topic;

  /**
   * What they were told last.
   *
   * @throws CommandFailedException if Kafka does not say
   */
  Assignment told() {
    brokers.requireAnswer();
    clientLog.mute();
    try {
      return control().told();
    } catch (UnknownTopicOrPartitionException e) {
      throw new CommandFailedException(
          "no topic %s at %s. Start 'valence stream', which creates it, or name another with --control-topic."
              .formatted(topic(), brokers.address()),
          e);
    } catch (KafkaException e) {
      throw failed("read", e);
    } finally {
      clientLog.unmute();
    }
  }

  /**
   * Tells them something else.
   *
   * @param change what they are to be told, from what they were told last
   * @return what they were told
   * @throws CommandFailedException if there is nothing to change, or Kafka does not take it
   */
  Assignment tell(UnaryOperator<Assignment> change) throws InterruptedException {
    Assignment told = told();
    Assignment next;
    try {
      next = change.apply(told);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new CommandFailedException(
          "%s: in %s, %s. See 'valence model activate --help'."
              .formatted(e.getMessage(), application(), told),
          e);
    }
    try {
      control().tell(next);
      return next;
    } catch (KafkaException e) {
      throw failed("write to", e);
    }
  }

  private FleetControl control() {
    Map<String, Object> client = brokers.reaching(Map.of());
    return new FleetControl(client, client, topic(), application(), PATIENCE);
  }

  private String application() {
    return application == null ? brokers.settings().kafka().applicationId() : application;
  }

  private String topic() {
    return topic != null
        ? topic
        : brokers
            .settings()
            .controlTopic()
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "these processors cannot be told what to score with: valence.topic.control"
                            + " is empty. Name a topic there."));
  }

  private CommandFailedException failed(String what, KafkaException e) {
    return new CommandFailedException(
        "cannot %s the topic %s at %s: %s."
            .formatted(what, topic(), brokers.address(), e.getMessage()),
        e);
  }
}
