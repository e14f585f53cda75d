package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.stream.control.Assignment;
import dev.valence.stream.control.ControlWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A real broker (KRaft, one node) in this JVM, started once for all tests that ask for it. */
final class TestBroker implements AutoCloseable {

  /** Gives a test the broker as a parameter. */
  static final class Extension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == TestBroker.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(TestBroker.class))
          .getOrComputeIfAbsent(TestBroker.class);
    }
  }

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final KafkaClusterTestKit cluster;

  TestBroker() throws Exception {
    cluster =
        new KafkaClusterTestKit.Builder(
                new TestKitNodes.Builder()
                    .setCombined(true)
                    .setNumBrokerNodes(1)
                    .setNumControllerNodes(1)
                    .build())
            .setConfigProp("offsets.topic.replication.factor", "1")
            .setConfigProp("offsets.topic.num.partitions", "1")
            .setConfigProp("transaction.state.log.replication.factor", "1")
            .setConfigProp("transaction.state.log.min.isr", "1")
            .setConfigProp("transaction.state.log.num.partitions", "1")
            .setConfigProp("transaction.abort.timed.out.transaction.cleanup.interval.ms", "100")
            .setConfigProp("group.initial.rebalance.delay.ms", "0")
            .setConfigProp("auto.create.topics.enable", "false")
            .build();
    cluster.format();
    cluster.startup();
    cluster.waitForReadyBrokers();
  }

  /** A processor of its own topics and group, on any free port. */
  ValenceConfig config(String name, Path models, Map<String, String> overrides) {
    Map<String, String> properties = new HashMap<>();
    properties.put("kafka.bootstrap.servers", cluster.bootstrapServers());
    properties.put("kafka.application.id", "valence-test-" + name);
    properties.put("kafka.num.stream.threads", "2");
    properties.put("kafka.commit.interval.ms", "200");
    properties.put("valence.topic.reviews", name);
    properties.put("valence.topic.sentiments", name + "-sentiments");
    properties.put("valence.topic.dead.letters", name + "-dead-letters");
    properties.put("valence.model.repository", models.toString());
    properties.put("valence.http.port", "0");
    properties.putAll(overrides);
    return new ValenceConfig(properties);
  }

  /** Starts a processor and waits until it has its partitions. */
  static SentimentStream start(ValenceConfig config)
      throws StreamStartException, InterruptedException {
    SentimentStream stream = SentimentStream.start(config);
    if (!stream.awaitReady(PATIENCE)) {
      stream.close();
      throw new IllegalStateException("the stream is " + stream.state());
    }
    return stream;
  }

  /** The same properties and one more. */
  static Map<String, String> with(Map<String, String> properties, String key, String value) {
    Map<String, String> more = new HashMap<>(properties);
    more.put(key, value);
    return more;
  }

  /** Tells a processor what to score with, as an operator would. */
  void assign(ValenceConfig config, Assignment assignment) throws InterruptedException {
    try (ControlWriter control =
        new ControlWriter(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers()),
            config.controlTopic().orElseThrow(),
            config.kafka().applicationId(),
            PATIENCE)) {
      control.write(assignment);
    }
  }

  Admin admin() {
    return cluster.admin();
  }

  void createTopic(String topic, int partitions) throws ExecutionException, InterruptedException {
    createTopic(topic, partitions, Map.of());
  }

  void createTopic(String topic, int partitions, Map<String, String> settings)
      throws ExecutionException, InterruptedException {
    NewTopic created = new NewTopic(topic, partitions, (short) 1).configs(settings);
    try (Admin admin = admin()) {
      admin.createTopics(List.of(created)).all().get();
    }
  }

  /** A text keyed by its number, dealt out to the partitions in turn. */
  static ProducerRecord<byte[], byte[]> numbered(
      String topic, int partitions, int number, String text) {
    return new ProducerRecord<>(
        topic,
        number % partitions,
        Integer.toString(number).getBytes(StandardCharsets.UTF_8),
        text.getBytes(StandardCharsets.UTF_8));
  }

  void produce(Collection<ProducerRecord<byte[], byte[]>> records)
      throws ExecutionException, InterruptedException {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      List<Future<?>> sent = new ArrayList<>();
      records.forEach(record -> sent.add(producer.send(record)));
      for (Future<?> next : sent) {
        next.get();
      }
    }
  }

  KafkaProducer<byte[], byte[]> producer() {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers(),
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20,
            ProducerConfig.BUFFER_MEMORY_CONFIG, 64 << 20);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Reads committed records from the beginning until there are that many, or patience ends. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    try (KafkaConsumer<byte[], byte[]> consumer = committedReader(topic)) {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (records.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }

  /** Reads what is committed now, from the beginning. */
  List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = committedReader(topic)) {
      return readToEnd(consumer);
    }
  }

  /** A reader of committed records, at the beginning of the topic. */
  KafkaConsumer<byte[], byte[]> committedReader(String topic) {
    return reader(topic, "read_committed");
  }

  /** A reader of all that was written, committed or not, at the beginning of the topic. */
  KafkaConsumer<byte[], byte[]> writtenReader(String topic) {
    return reader(topic, "read_uncommitted");
  }

  private KafkaConsumer<byte[], byte[]> reader(String topic, String isolation) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList());
    return consumer;
  }

  /** Reads on until everything that is committed now has been read. */
  static List<ConsumerRecord<byte[], byte[]>> readToEnd(KafkaConsumer<byte[], byte[]> consumer) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(Duration.ofMillis(100)).forEach(records::add);
    }
    return records;
  }

  /** How many reviews the processor has committed, all partitions together. */
  long committed(Admin admin, ValenceConfig config)
      throws ExecutionException, InterruptedException {
    return admin
        .listConsumerGroupOffsets(config.kafka().applicationId())
        .partitionsToOffsetAndMetadata()
        .get()
        .values()
        .stream()
        .mapToLong(OffsetAndMetadata::offset)
        .sum();
  }

  /** How many members a processor's group has. */
  static int members(Admin admin, ValenceConfig config)
      throws ExecutionException, InterruptedException {
    String group = config.kafka().applicationId();
    return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().size();
  }

  static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  static HttpResponse<String> get(SentimentStream stream, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + stream.httpAddress().getPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  /** Waits until a line of the metrics is this. */
  static void awaitMetric(SentimentStream stream, Pattern line) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String page;
    do {
      page = get(stream, "/metrics").body();
    } while (page.lines().noneMatch(line.asMatchPredicate()) && System.nanoTime() < deadline);
    assertThat(page.lines()).anyMatch(line.asMatchPredicate());
  }

  static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      cluster.close();
    } catch (Exception e) {
      throw new IllegalStateException("the test broker did not close", e);
    }
  }
}
