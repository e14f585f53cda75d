package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.TinyModel;
import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.control.Assignment;
import dev.valence.stream.control.Candidate;
import dev.valence.stream.format.SentimentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Models change while reviews flow through a real broker. */
@ExtendWith(TestBroker.Extension.class)
class ModelSwapTest {

  /** {@code -Dvalence.test.swaps=200} makes it a soak that watches memory, too. */
  private static final int SWAPS = Integer.getInteger("valence.test.swaps", 30);

  /** Before so many swaps the process still touches new parts of its heap. */
  private static final int SOAK = 200;

  private static final int PARTITIONS = 4;

  /** Versions that judge as the words say, and one that turns every judgement around. */
  private static Path models;

  private final TestBroker broker;

  ModelSwapTest(TestBroker broker) {
    this.broker = broker;
  }

  @BeforeAll
  static void writeModels(@TempDir Path directory) {
    TinyModel.write(directory.resolve("1"));
    TinyModel.write(directory.resolve("2"), TinyModel.draft(2, 0), -1);
    TinyModel.write(directory.resolve("3"), TinyModel.draft(3, 0));
    models = directory;
  }

  @Test
  void swapsUnderLoadAndLosesNothing() throws Exception {
    ValenceConfig config = config("swaps");
    Assignment assignment = Assignment.LATEST.activate(1L);
    List<Long> memory = new ArrayList<>();

    try (SentimentStream stream = TestBroker.start(config);
        Load load = new Load(config)) {
      for (int swap = 0; swap < SWAPS; swap++) {
        assignment = assignment.activate(swap % 2 == 0 ? 2L : 1L);
        broker.assign(config, assignment);
        long version = assignment.version();
        load.sendUntil(() -> stream.model().version() == version);
        memory.add(residentMegabytes());
      }
      load.readAll();

      assertThat(stream.state().isRunningOrRebalancing()).isTrue();
      assertThat(TestBroker.get(stream, "/metrics").body())
          .contains("valence_model_swaps_total " + (double) SWAPS + "\n")
          .contains("valence_models_open 1.0\n")
          .contains("valence_model_refusals_total 0.0\n");
      load.assertEachOnceInOrder();
      assertThat(load.answered)
          .allSatisfy(
              result -> {
                ReviewSentiment sentiment = new SentimentReader().read(result.value());
                assertThat(sentiment.getLabel())
                    .isEqualTo(sentiment.getModelVersion() == 2 ? "negative" : "positive");
              });
      assertThat(load.versions()).contains(1L, 2L);
      if (SWAPS >= SOAK) {
        assertThat(memory.get(SWAPS - 1) - memory.get(SWAPS / 2))
            .as("growth in MB of the process in the second half of %s", memory)
            .isLessThan(64);
      }
    }
    assertThat(broker.readAll(config.deadLettersTopic())).isEmpty();
  }

  @Test
  void startsOnTheVersionThatItsFleetWasTold() throws Exception {
    ValenceConfig config = config("fleet");
    new Topics(config).prepare();
    broker.assign(config, Assignment.LATEST.activate(2L));

    try (SentimentStream first = SentimentStream.start(config);
        SentimentStream second = SentimentStream.start(config)) {
      assertThat(first.model().version()).isEqualTo(2);
      assertThat(second.model().version()).isEqualTo(2);

      broker.assign(config, Assignment.LATEST.activate(1L));
      await(() -> first.model().version() == 1 && second.model().version() == 1);

      broker.assign(config, Assignment.LATEST.activate(7L));
      await(() -> TestBroker.get(first, "/readyz").body().contains("version 7 is refused"));
      assertThat(first.model().version()).isEqualTo(1);
    }
  }

  @Test
  void keepsItsPinnedVersionWhateverTheFleetIsTold() throws Exception {
    ValenceConfig config = broker.config("pinned", models, Map.of("valence.model.version", "3"));
    new Topics(config).prepare();
    broker.assign(config, Assignment.LATEST.activate(2L));

    try (SentimentStream stream = SentimentStream.start(config)) {
      assertThat(stream.model().version()).isEqualTo(3);
    }
  }

  @Test
  void triesAVersionOnAShareOfTheKeysAndPromotesIt() throws Exception {
    ValenceConfig config = config("canary");
    new Topics(config).prepare();
    Assignment trial = Assignment.LATEST.activate(1L).tryOut(Candidate.canary(2, 30));
    broker.assign(config, trial);

    try (SentimentStream stream = TestBroker.start(config);
        Load load = new Load(config)) {
      load.send(400);
      load.readAll();
      load.assertEachOnceInOrder();
      assertThat(load.answered)
          .allSatisfy(
              result ->
                  assertThat(version(result))
                      .isEqualTo(new KeyShare(30).holds(result.key()) ? 2 : 1));
      assertThat(load.versions()).contains(1L, 2L);
      assertThat(TestBroker.get(stream, "/metrics").body())
          .contains("valence_model_trial_info{name=\"tiny\",version=\"2\",kind=\"canary\",} 1.0\n")
          .contains("valence_trial_reviews_total{kind=\"canary\",label=\"negative\",} ");

      broker.assign(config, trial.promote());
      await(() -> stream.model().version() == 2);
      int before = load.sent;
      load.send(100);
      load.readAll();
      assertThat(load.answered.subList(before, load.sent))
          .allSatisfy(result -> assertThat(version(result)).isEqualTo(2));
    }
  }

  @Test
  void showsHowAVersionInTheShadowWouldHaveJudged() throws Exception {
    ValenceConfig config = config("shadow");
    new Topics(config).prepare();
    broker.assign(config, Assignment.LATEST.activate(1L).tryOut(Candidate.shadow(2)));

    try (SentimentStream stream = TestBroker.start(config);
        Load load = new Load(config)) {
      load.send(10);
      load.readAll();

      assertThat(load.versions()).containsOnly(1L);
      await(
          () -> {
            String metrics = TestBroker.get(stream, "/metrics").body();
            double compared = metric(metrics, "valence_shadow_difference_count");
            double skipped = metric(metrics, "valence_shadow_skipped_reviews_total");
            double disagreements = metric(metrics, "valence_shadow_disagreements_total");
            return compared > 0 && compared + skipped == load.sent && disagreements == compared;
          });
    }
  }

  private ValenceConfig config(String name) {
    return broker.config(
        name, models, Map.of("valence.input.format", "text", "valence.batch.max.delay.ms", "20"));
  }

  private static long version(ConsumerRecord<byte[], byte[]> result) {
    try {
      return new SentimentReader().read(result.value()).getModelVersion();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static long residentMegabytes() throws IOException {
    String pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[1];
    return Long.parseLong(pages) * 4096 >> 20;
  }

  private static double metric(String page, String name) {
    return page.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static void await(Callable<Boolean> reached) throws Exception {
    long deadline = System.nanoTime() + TestBroker.PATIENCE.toNanos();
    while (!reached.call()) {
      assertThat(System.nanoTime()).as("patience ended").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** Reviews that are sent, and what came back. */
  private final class Load implements AutoCloseable {

    private final String topic;
    private final KafkaProducer<byte[], byte[]> reviews = broker.producer();
    private final KafkaConsumer<byte[], byte[]> results;
    private final List<ConsumerRecord<byte[], byte[]>> answered = new ArrayList<>();
    private int sent;

    Load(ValenceConfig config) {
      this.topic = config.reviewsTopic();
      this.results = broker.committedReader(config.sentimentsTopic());
    }

    @Override
    public void close() {
      reviews.close();
      results.close();
    }

    void send(int count) {
      for (int number = sent; number < sent + count; number++) {
        reviews.send(
            new ProducerRecord<>(
                topic,
                number % PARTITIONS,
                Integer.toString(number).getBytes(UTF_8),
                ("great " + "film ".repeat(number % 9)).getBytes(UTF_8)));
      }
      reviews.flush();
      sent += count;
    }

    /** Sends and reads until it is reached. */
    void sendUntil(Callable<Boolean> reached) throws Exception {
      long deadline = System.nanoTime() + TestBroker.PATIENCE.toNanos();
      while (!reached.call()) {
        assertThat(System.nanoTime()).as("patience ended").isLessThan(deadline);
        send(20);
        results.poll(Duration.ofMillis(20)).forEach(answered::add);
      }
    }

    /** Reads until everything that was sent is answered, or patience ends. */
    void readAll() {
      long deadline = System.nanoTime() + TestBroker.PATIENCE.toNanos();
      while (answered.size() < sent && System.nanoTime() < deadline) {
        results.poll(Duration.ofMillis(100)).forEach(answered::add);
      }
    }

    List<Long> versions() {
      return answered.stream().map(ModelSwapTest::version).distinct().toList();
    }

    void assertEachOnceInOrder() {
      assertThat(answered).hasSize(sent);
      Map<Integer, List<Integer>> numbers =
          answered.stream()
              .collect(
                  groupingBy(
                      ConsumerRecord::partition,
                      mapping(result -> Integer.parseInt(TestBroker.key(result)), toList())));
      for (int partition = 0; partition < PARTITIONS; partition++) {
        int first = partition;
        assertThat(numbers.get(partition))
            .containsExactlyElementsOf(
                IntStream.range(0, sent)
                    .filter(number -> number % PARTITIONS == first)
                    .boxed()
                    .toList());
      }
    }
  }
}
