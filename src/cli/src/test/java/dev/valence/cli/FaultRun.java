package dev.valence.cli;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.cli.FaultPlan.Fault;
import dev.valence.stream.control.Assignment;
import dev.valence.stream.control.ControlWriter;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SentimentReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Several processors, while reviews flow and faults befall them. */
final class FaultRun implements AutoCloseable {
  private static final String CONTROL = "control";
  private static final int PARTITIONS = 6;
  private static final int REVIEWS_PER_SECOND = 300;
  private static final int FEWEST = 2;
  private static final int MOST = 4;
  private static final int TRANSACTION_MS = 6_000;
  private static final int SESSION_MS = 6_000;
  private static final long PAUSE_MS = 2_000 + TRANSACTION_MS + SESSION_MS;
  private static final long PATIENCE_SECONDS = 240;

  private final Cluster cluster;
  private final Path directory;
  private final Path models;
  private final String guarantee;
  private final Random random;
  private final boolean ownDisks;
  private final List<Processor> processors = new ArrayList<>();
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private final Set<String> scored = new HashSet<>();
  private final SentimentReader reader = new SentimentReader();

  /** By partition, the version that gave its last score. */
  private final Map<Integer, Long> serving = new HashMap<>();

  private Assignment assignment = Assignment.LATEST;
  private int ended;

  FaultRun(Cluster cluster, Path directory, Path models, String guarantee, Random random)
      throws Exception {
    this.cluster = cluster;
    this.directory = directory;
    this.models = models;
    this.guarantee = guarantee;
    this.random = random;
    this.ownDisks = Processor.mayMount();
    cluster.createTopics(PARTITIONS, reviews(), sentiments(), deadLetters());
  }

  /** Lets the faults happen and says what came of it. */
  FaultTable.Run suffer(List<Fault> plan, Delivery.Check check) throws Exception {
    long start = System.nanoTime();
    Brokers brokers = cluster.brokers();
    try (ReviewFeed feed =
            new ReviewFeed(
                new ReviewPublisher(brokers, reviews(), ReviewFormat.named(ReviewFormat.AVRO)),
                REVIEWS_PER_SECOND);
        SentimentTail tail = SentimentTail.open(brokers, sentiments(), true)) {
      addProcessor();
      addProcessor();
      addProcessor();
      for (Fault fault : plan) {
        awaitScores(tail, 1 + random.nextInt(2 * REVIEWS_PER_SECOND));
        inflict(fault, tail);
      }
      awaitScores(tail, REVIEWS_PER_SECOND);
      awaitAll(tail, feed.stop());
    }
    for (Processor processor : processors) {
      processor.stop();
    }
    Map<Integer, List<ConsumerRecord<String, byte[]>>> out = read(sentiments(), true);
    return new FaultTable.Run(
        guarantee,
        counts,
        ended,
        Delivery.compare(read(reviews(), true), out, check),
        count(read(deadLetters(), true)),
        count(read(sentiments(), false)) - count(out),
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
  }

  @Override
  public void close() {
    processors.forEach(Processor::close);
  }

  private void inflict(Fault fault, SentimentTail tail) throws Exception {
    switch (fault) {
      case KILL -> {
        take().kill();
        addProcessor();
      }
      case STOP -> {
        take().stop();
        addProcessor();
      }
      case JOIN -> {
        if (processors.size() == MOST) {
          inflict(Fault.LEAVE, tail);
        }
        addProcessor();
      }
      case LEAVE -> {
        if (processors.size() == FEWEST) {
          inflict(Fault.JOIN, tail);
        }
        take().stop();
      }
      case PAUSE -> pause(tail);
      case FULL_DISK -> {
        if (!ownDisks) {
          return;
        }
        killBesideAFullDisk(tail);
      }
      case BROKER_STOP -> bounceBroker(tail, false);
      case BROKER_KILL -> bounceBroker(tail, true);
      case SWAP -> swap(tail);
    }
    counts.merge(fault, 1, Integer::sum);
  }

  /** Until the others have taken over, which makes a zombie of it. */
  private void pause(SentimentTail tail) throws Exception {
    Processor paused = processors.get(random.nextInt(processors.size()));
    paused.pause();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MS);
    while (System.nanoTime() < end) {
      poll(tail);
    }
    paused.resume();
  }

  private void killBesideAFullDisk(SentimentTail tail) throws Exception {
    Processor killed = take();
    Processor full = processors.get(random.nextInt(processors.size()));
    full.fillDisk();
    killed.kill();
    awaitScores(tail, REVIEWS_PER_SECOND);
    full.clearDisk();
    addProcessor();
  }

  private void bounceBroker(SentimentTail tail, boolean kill) throws Exception {
    int node = random.nextInt(Cluster.NODES);
    cluster.stop(node, kill);
    awaitScores(tail, REVIEWS_PER_SECOND);
    cluster.restart(node);
    cluster.awaitWhole(
        List.of(reviews(), sentiments(), CONTROL, "__consumer_offsets", "__transaction_state"));
  }

  /** Until every partition is scored with the other version. */
  private void swap(SentimentTail tail) throws Exception {
    Long next = assignment.version() == null || assignment.version() == 2 ? 1L : 2L;
    assignment = assignment.activate(next);
    try (ControlWriter control =
        new ControlWriter(
            Map.of("bootstrap.servers", cluster.brokers().address()),
            CONTROL,
            reviews(),
            Duration.ofSeconds(PATIENCE_SECONDS))) {
      control.write(assignment);
    }
    long deadline = deadline();
    while (serving.size() < PARTITIONS || serving.values().stream().anyMatch(not(next::equals))) {
      poll(tail);
      assertThat(System.nanoTime())
          .as("time to swap: %s, %s", serving, directory)
          .isLessThan(deadline);
    }
  }

  private void addProcessor() throws IOException {
    processors.add(
        Processor.start(
            directory,
            models,
            ownDisks,
            List.of(
                "kafka.bootstrap.servers=" + cluster.brokers().address(),
                "kafka.application.id=" + reviews(),
                "kafka.processing.guarantee=" + guarantee,
                "kafka.num.stream.threads=2",
                "kafka.commit.interval.ms=1000",
                "kafka.consumer.session.timeout.ms=" + SESSION_MS,
                "kafka.consumer.heartbeat.interval.ms=1000",
                "kafka.producer.transaction.timeout.ms=" + TRANSACTION_MS,
                "valence.batch.max.reviews=8",
                "valence.start.timeout.ms=60000",
                "valence.topic.reviews=" + reviews(),
                "valence.topic.sentiments=" + sentiments(),
                "valence.topic.dead.letters=" + deadLetters(),
                "valence.topic.control=" + CONTROL)));
  }

  private Processor take() {
    return processors.remove(random.nextInt(processors.size()));
  }

  private void awaitScores(SentimentTail tail, int more) throws Exception {
    int wanted = scored.size() + more;
    long deadline = deadline();
    while (scored.size() < wanted) {
      poll(tail);
      assertThat(System.nanoTime()).as("time to score: %s", directory).isLessThan(deadline);
    }
  }

  private void awaitAll(SentimentTail tail, int reviews) throws Exception {
    long deadline = deadline();
    while (scored.size() < reviews && System.nanoTime() < deadline) {
      int before = scored.size();
      poll(tail);
      deadline = scored.size() > before ? deadline() : deadline;
    }
  }

  private void poll(SentimentTail tail) throws Exception {
    for (ConsumerRecord<byte[], byte[]> score : tail.poll()) {
      scored.add(new String(score.key(), StandardCharsets.UTF_8));
      serving.put(score.partition(), reader.read(score.value()).getModelVersion());
    }
    for (Processor processor : List.copyOf(processors)) {
      if (!processor.isAlive()) {
        ended++;
        System.err.println("a processor ended by itself: " + processor.err());
        processors.remove(processor);
        addProcessor();
      }
    }
  }

  private Map<Integer, List<ConsumerRecord<String, byte[]>>> read(String topic, boolean committed) {
    return Topic.named(cluster.brokers(), topic).byPartition(committed);
  }

  private static long count(Map<Integer, List<ConsumerRecord<String, byte[]>>> records) {
    return records.values().stream().mapToLong(List::size).sum();
  }

  private static long deadline() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
  }

  private String reviews() {
    return guarantee + "-reviews";
  }

  private String sentiments() {
    return guarantee + "-sentiments";
  }

  private String deadLetters() {
    return guarantee + "-dead-letters";
  }
}
