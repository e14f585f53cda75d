package dev.valence.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topic of corrections. It is compacted: Kafka keeps the last label of each review, and for as
 * long as the topic lives.
 */
final class LabelTopic {
  /** What it is called unless somebody says otherwise. */
  static final String DEFAULT = "review-labels";

  private static final long PATIENCE_SECONDS = 30;

  private final Brokers brokers;
  private final String name;

  LabelTopic(Brokers brokers, String name) {
    this.brokers = brokers;
    this.name = name;
  }

  /**
   * Creates the topic if it is missing, with one partition.
   *
   * @param remarks takes a line if what exists would forget corrections
   * @throws CommandFailedException if it can neither be found nor be created
   */
  void prepare(Consumer<String> remarks) {
    try (Admin admin = Admin.create(brokers.reaching(Map.of()))) {
      try {
        if (exists(admin)) {
          policy(admin)
              .filter(policy -> !policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT))
              .ifPresent(
                  policy ->
                      remarks.accept(
                          "the topic %s is not compacted (cleanup.policy=%s): Kafka will forget its older corrections"
                              .formatted(name, policy)));
        } else {
          create(admin);
        }
      } finally {
        admin.close(Duration.ZERO);
      }
    } catch (ExecutionException e) {
      throw failed(e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw failed("no answer within " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("interrupted", e);
    }
  }

  private boolean exists(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      await(admin.describeTopics(List.of(name)).allTopicNames());
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw e;
    }
  }

  /** How the topic is cleaned up; empty if that may not be seen. */
  private Optional<String> policy(Admin admin) throws InterruptedException, TimeoutException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
    try {
      return Optional.of(
          await(admin.describeConfigs(List.of(resource)).all())
              .get(resource)
              .get(TopicConfig.CLEANUP_POLICY_CONFIG)
              .value());
    } catch (ExecutionException e) {
      return Optional.empty();
    }
  }

  private void create(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    NewTopic topic =
        new NewTopic(name, Optional.of(1), Optional.empty())
            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    try {
      await(admin.createTopics(List.of(topic)).all());
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private static <T> T await(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private CommandFailedException failed(String reason, Exception e) {
    return new CommandFailedException(
        "cannot use the topic %s at %s: %s. Look at the brokers, or name another with --topic."
            .formatted(name, brokers.address(), reason),
        e);
  }
}
