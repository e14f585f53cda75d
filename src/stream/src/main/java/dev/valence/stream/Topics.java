package dev.valence.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sure that a broker answers and that the topics are there before the stream starts. */
final class Topics {

  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
  private static final int HEADER_ROOM_BYTES = 1 << 20;
  private static final long RETRY_MILLIS = 100;
  private static final Duration USUAL_RETENTION = Duration.ofDays(7);

  private final ValenceConfig config;
  private final long deadline;

  /**
   * @param config names the brokers and topics; its start timeout begins now
   */
  Topics(ValenceConfig config) {
    this.config = config;
    this.deadline = System.nanoTime() + config.startTimeout().toNanos();
  }

  /**
   * Creates the topics that are missing, unless told not to, and waits for them.
   *
   * @throws StreamStartException if no broker answers in time, or a topic is missing and cannot be
   *     created
   */
  void prepare() throws StreamStartException {
    try (Admin admin = connect()) {
      try {
        prepare(admin);
      } finally {
        admin.close(Duration.ZERO);
      }
    }
  }

  private Admin connect() throws StreamStartException {
    try {
      return Admin.create(config.kafka().admin());
    } catch (KafkaException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new StreamStartException("cannot reach Kafka: " + reason.getMessage(), e);
    }
  }

  private void prepare(Admin admin) throws StreamStartException {
    Map<String, TopicDescription> found = describe(admin);
    String reviews = config.reviewsTopic();
    if (!found.containsKey(reviews)) {
      create(
          admin,
          reviews,
          config.getInt(TopicKeys.TOPICS_PARTITIONS_CONFIG),
          Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, maxBytes(0)));
      found = waitFor(admin, reviews);
    }
    int partitions = found.get(reviews).partitions().size();
    for (String topic : List.of(config.sentimentsTopic(), config.deadLettersTopic())) {
      if (!found.containsKey(topic)) {
        createForAnyTime(
            admin,
            topic,
            partitions,
            Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, maxBytes(HEADER_ROOM_BYTES)),
            longRetentionOf(admin, reviews));
        waitFor(admin, topic);
      }
    }
    if (config.countsTrends()) {
      prepareTrends(admin, partitions, found);
    }
    if (config.controlTopic().isPresent()) {
      prepareControl(admin, config.controlTopic().get(), found);
    }
  }

  private void prepareTrends(Admin admin, int partitions, Map<String, TopicDescription> found)
      throws StreamStartException {
    String retention = config.getLong(TopicKeys.TRENDS_RETENTION_MS_CONFIG).toString();
    if (!found.containsKey(config.trendScoresTopic())) {
      createForAnyTime(
          admin,
          config.trendScoresTopic(),
          partitions,
          Map.of(TopicConfig.RETENTION_MS_CONFIG, retention),
          Map.of());
      waitFor(admin, config.trendScoresTopic());
    }
    if (!found.containsKey(config.trendsTopic())) {
      createForAnyTime(
          admin,
          config.trendsTopic(),
          partitions,
          Map.of(
              TopicConfig.CLEANUP_POLICY_CONFIG,
              TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
              TopicConfig.RETENTION_MS_CONFIG,
              retention),
          Map.of());
      waitFor(admin, config.trendsTopic());
    }
  }

  private void prepareControl(Admin admin, String topic, Map<String, TopicDescription> found)
      throws StreamStartException {
    if (!found.containsKey(topic)) {
      create(
          admin,
          topic,
          1,
          Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
      waitFor(admin, topic);
      return;
    }
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      String policy =
          await(admin.describeConfigs(List.of(resource)).values().get(resource))
              .get(TopicConfig.CLEANUP_POLICY_CONFIG)
              .value();
      if (!policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
        throw new StreamStartException(
            "the topic %s is not compacted (cleanup.policy=%s), so Kafka would forget which model is active. Set its cleanup.policy to compact, or %s to another topic."
                .formatted(topic, policy, TopicKeys.TOPIC_CONTROL_CONFIG));
      }
    } catch (ExecutionException e) {
      LOG.warn("Whether {} is compacted cannot be seen: {}", topic, e.getCause().getMessage());
    }
  }

  private Map<String, TopicDescription> describe(Admin admin) throws StreamStartException {
    List<String> names =
        new ArrayList<>(
            List.of(config.reviewsTopic(), config.sentimentsTopic(), config.deadLettersTopic()));
    config.controlTopic().ifPresent(names::add);
    if (config.countsTrends()) {
      names.addAll(List.of(config.trendsTopic(), config.trendScoresTopic()));
    }
    Map<String, TopicDescription> found = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> entry :
        admin.describeTopics(names).topicNameValues().entrySet()) {
      try {
        found.put(entry.getKey(), await(entry.getValue()));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw refused("look at the topic " + entry.getKey(), e);
        }
      }
    }
    return found;
  }

  private String maxBytes(int extra) {
    return Integer.toString(config.getInt(TopicKeys.TOPICS_MAX_MESSAGE_BYTES_CONFIG) + extra);
  }

  /**
   * How long reviews are kept, if somebody wanted them longer than usual: their scores bear the
   * same times, and old ones would be deleted at once.
   */
  private Map<String, String> longRetentionOf(Admin admin, String reviews)
      throws StreamStartException {
    Map<String, String> retention = new HashMap<>();
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, reviews);
    try {
      Config found = await(admin.describeConfigs(List.of(resource)).values().get(resource));
      for (String key :
          List.of(TopicConfig.RETENTION_MS_CONFIG, TopicConfig.RETENTION_BYTES_CONFIG)) {
        if (found.get(key).source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
          retention.put(key, found.get(key).value());
        }
      }
    } catch (ExecutionException e) {
      LOG.warn("How long {} keeps reviews cannot be seen: {}", reviews, e.getCause().getMessage());
    }
    long millis = Long.parseLong(retention.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, "0"));
    return millis < 0 || millis > USUAL_RETENTION.toMillis() ? retention : Map.of();
  }

  /**
   * Creates a topic of records that bear the times of reviews. Whatever time a record was taken in
   * with, what comes of it must be let out.
   *
   * @param wishes are done without where the brokers do not allow them
   */
  private void createForAnyTime(
      Admin admin,
      String topic,
      int partitions,
      Map<String, String> settings,
      Map<String, String> wishes)
      throws StreamStartException {
    String always = Long.toString(Long.MAX_VALUE);
    Map<String, String> anyTime =
        Map.of(
            TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, always,
            TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, always);
    // Kafka before 3.6 does not know the former two, and a policy may forbid a long retention.
    for (List<Map<String, String>> some :
        List.of(
            List.of(settings, anyTime, wishes),
            List.of(settings, wishes),
            List.of(settings, anyTime))) {
      Map<String, String> all = new HashMap<>();
      some.forEach(all::putAll);
      try {
        create(admin, topic, partitions, all);
        return;
      } catch (StreamStartException e) {
        if (!(e.getCause() instanceof InvalidConfigurationException
            || e.getCause() instanceof PolicyViolationException)) {
          throw e;
        }
        LOG.warn("{} Trying with less.", e.getMessage());
      }
    }
    create(admin, topic, partitions, settings);
  }

  private void create(Admin admin, String topic, int partitions, Map<String, String> settings)
      throws StreamStartException {
    if (!config.getBoolean(TopicKeys.TOPICS_CREATE_CONFIG)) {
      throw new StreamStartException(
          "the topic %s does not exist at %s. Create it, or set %s=true."
              .formatted(topic, brokers(), TopicKeys.TOPICS_CREATE_CONFIG));
    }
    NewTopic request =
        new NewTopic(topic, partitions, config.getShort(TopicKeys.TOPICS_REPLICATION_FACTOR_CONFIG))
            .configs(settings);
    try {
      await(admin.createTopics(List.of(request)).all());
      LOG.info("Created the topic {} with {} partitions.", topic, partitions);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw refused("create the topic " + topic, e);
      }
    }
  }

  private Map<String, TopicDescription> waitFor(Admin admin, String topic)
      throws StreamStartException {
    while (true) {
      Map<String, TopicDescription> found = describe(admin);
      TopicDescription description = found.get(topic);
      if (description != null
          && description.partitions().stream().allMatch(partition -> partition.leader() != null)) {
        return found;
      }
      if (deadline - System.nanoTime() <= 0) {
        throw new StreamStartException(
            "the topic %s did not appear at %s within %d s. Look at the brokers' logs, or raise %s."
                .formatted(
                    topic,
                    brokers(),
                    config.startTimeout().toSeconds(),
                    ServiceKeys.START_TIMEOUT_MS_CONFIG));
      }
      pause();
    }
  }

  private <T> T await(KafkaFuture<T> future) throws StreamStartException, ExecutionException {
    try {
      return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new StreamStartException(
          "no Kafka broker answers at %s (waited %d s). Start one, or set %sbootstrap.servers."
              .formatted(brokers(), config.startTimeout().toSeconds(), KafkaSettings.PREFIX),
          e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static void pause() throws StreamStartException {
    try {
      TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private StreamStartException refused(String what, ExecutionException e) {
    Throwable reason = e.getCause();
    Throwable root = reason;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new StreamStartException(
        "cannot %s at %s: %s%s"
            .formatted(
                what,
                brokers(),
                reason.getMessage(),
                root == reason ? "" : " (" + root.getMessage() + ")"),
        reason);
  }

  private static StreamStartException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StreamStartException("interrupted while waiting for Kafka", e);
  }

  private String brokers() {
    return String.join(",", config.kafka().bootstrapServers());
  }
}
