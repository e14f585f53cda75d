package dev.valence.bench;

import dev.valence.model.ModelRepository;
import dev.valence.stream.FormatKeys;
import dev.valence.stream.ScoringKeys;
import dev.valence.stream.SentimentStream;
import dev.valence.stream.ServiceKeys;
import dev.valence.stream.TopicKeys;
import dev.valence.stream.ValenceConfig;
import dev.valence.stream.control.Assignment;
import dev.valence.stream.control.ControlWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.Utils;

/**
 * How long a review takes from a producer to a consumer that reads what is committed: alone on an
 * idle stream, at half load, and at half load while models are swapped.
 *
 * <p><b>Half load</b> is half of the reviews a second that the same processor got through, in the
 * same arrangement, while reviews never ran out. Reviews come one by one at random, as people write
 * them. <b>The delay</b> is the longest ({@code valence.batch.max.delay.ms}), on an idle stream the
 * fifth of it that is waited there. <b>A batch</b> is what a thread scores at once, in the
 * precision in use; its time is the mean of that phase. What p99 is held against is the delay plus
 * the time of two batches: one that the thread is at when the review comes, and its own. The
 * commit, without which a score is not seen, is part of p99 but not of that bound; how long a score
 * takes until it is written is printed beside it. Load is measured after two and a half minutes of
 * it: at first Java compiles what it runs, for which it takes half of a core from the model.
 *
 * <p>Producer, processor and consumers share this process and its clock; the broker is another
 * process on the same machine, and takes its part of it. Seconds depend on the machine, the ratios
 * hardly do. {@code src/bench/latency} builds it, starts a broker and runs it, which takes six
 * minutes.
 */
public final class LatencyBenchmark {

  private static final int MOST_REVIEWS = 1_000_000;
  private static final int ALONE = 20;
  private static final double IDLE_PART = 5;
  private static final int FIRST_BACKLOG = 600;
  private static final Duration FULL_LOAD =
      Duration.ofSeconds(Integer.getInteger("latency.full.seconds", 20));
  private static final Duration SETTLING =
      Duration.ofSeconds(Integer.getInteger("latency.settle.seconds", 150));
  private static final Duration HALF_LOAD =
      Duration.ofSeconds(Integer.getInteger("latency.half.seconds", 40));
  private static final Duration SWAPPING =
      Duration.ofSeconds(Integer.getInteger("latency.swap.seconds", 80));
  private static final Duration BETWEEN_SWAPS = Duration.ofSeconds(2);
  private static final int TURNS = 4;
  private static final double NANOS_PER_MILLI = 1e6;

  private final String brokers;
  private final List<String> reviews;
  private final String name = "latency-" + UUID.randomUUID();
  private final Round round;

  private LatencyBenchmark(String brokers, List<String> reviews) {
    this.brokers = brokers;
    this.reviews = reviews;
    this.round = new Round(brokers, name, name + "-sentiments", MOST_REVIEWS);
  }

  /**
   * Runs it.
   *
   * @param arguments brokers, a model's directory, and a file with a review a line or a directory
   *     of texts; further {@code key=value} go to the processor
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 3) {
      System.err.println("arguments: BROKERS MODEL REVIEWS [KEY=VALUE...]");
      System.exit(2);
    }
    Path models = Files.createTempDirectory("latency-models");
    try {
      ModelRepository repository = new ModelRepository(models);
      repository.publish(Path.of(arguments[1]));
      repository.publish(Path.of(arguments[1]));
      LatencyBenchmark benchmark = new LatencyBenchmark(arguments[0], Reviews.read(arguments[2]));
      benchmark.run(models, Arrays.copyOfRange(arguments, 3, arguments.length));
    } finally {
      Utils.delete(models.toFile());
    }
    System.exit(0);
  }

  private void run(Path models, String... overrides) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("kafka.bootstrap.servers", brokers);
    settings.put("kafka.application.id", name);
    settings.put("kafka.state.dir", models.resolve(".state").toString());
    settings.put(TopicKeys.TOPIC_REVIEWS_CONFIG, name);
    settings.put(TopicKeys.TOPIC_SENTIMENTS_CONFIG, name + "-sentiments");
    settings.put(TopicKeys.TOPIC_DEAD_LETTERS_CONFIG, name + "-dead-letters");
    settings.put(TopicKeys.TOPIC_CONTROL_CONFIG, name + "-control");
    settings.put(FormatKeys.INPUT_FORMAT_CONFIG, "text");
    settings.put(ServiceKeys.HTTP_PORT_CONFIG, "0");
    settings.put(ScoringKeys.MODEL_REPOSITORY_CONFIG, models.toString());
    for (String override : overrides) {
      settings.put(override.split("=", 2)[0], override.split("=", 2)[1]);
    }
    ValenceConfig config = new ValenceConfig(settings);
    try (SentimentStream stream = SentimentStream.start(config);
        round) {
      if (!stream.awaitReady(Duration.ofMinutes(1))) {
        throw new IllegalStateException("the processor got no partitions");
      }
      round.start();
      measure(
          stream, config.getInt(ScoringKeys.BATCH_MAX_DELAY_MS_CONFIG), config.kafka().threads());
    }
  }

  private void measure(SentimentStream stream, int delayMillis, int threads) throws Exception {
    double estimate = throughput(FIRST_BACKLOG);
    estimate = throughput((int) (estimate * FULL_LOAD.toSeconds() / 4));

    int first = round.sent();
    Inference before = Inference.of(stream);
    for (int number = 0; number < ALONE; number++) {
      round.send(text(number * 37));
      round.awaitAll();
    }
    Inference alone = Inference.of(stream).minus(before);
    boolean[] lonely = new boolean[MOST_REVIEWS];
    Arrays.fill(lonely, first, round.sent(), true);
    double[] idle = round.latencies(lonely);
    double[] idleWritten = round.latenciesUncommitted(lonely);
    print("alone on an idle stream", idle);
    print("  of it until written", idleWritten);
    double idleBound = delayMillis / IDLE_PART + alone.meanMillis();
    System.out.printf(
        Locale.ROOT,
        "  a model run takes %.0f ms; delay + one run = %.0f ms; the median takes %.2f of that, %.2f until written; the worst %.2f%n",
        alone.meanMillis(),
        idleBound,
        percentile(idle, 50) / NANOS_PER_MILLI / idleBound,
        percentile(idleWritten, 50) / NANOS_PER_MILLI / idleBound,
        percentile(idle, 100) / NANOS_PER_MILLI / idleBound);

    sendFor(SETTLING, estimate / 2, 3);
    round.awaitAll();
    double capacity = throughput((int) (estimate * FULL_LOAD.toSeconds()));
    System.out.printf(Locale.ROOT, "full load: %.0f reviews/s%n", capacity);

    compareSwaps(stream, delayMillis, threads, capacity / 2);
  }

  /** By turns, since what else a machine does changes from minute to minute. */
  private void compareSwaps(SentimentStream stream, int delayMillis, int threads, double perSecond)
      throws Exception {
    boolean[] calm = new boolean[MOST_REVIEWS];
    boolean[] beside = new boolean[MOST_REVIEWS];
    boolean[] during = new boolean[MOST_REVIEWS];
    Inference half = Inference.NONE;
    int calmReviews = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      int from = round.sent();
      Inference before = Inference.of(stream);
      sendFor(HALF_LOAD.dividedBy(TURNS), perSecond, 2 * turn);
      round.awaitAll();
      half = half.plus(Inference.of(stream).minus(before));
      Arrays.fill(calm, from, round.sent(), true);
      calmReviews += round.sent() - from;

      from = round.sent();
      AtomicBoolean stop = new AtomicBoolean();
      Thread swaps = new Thread(() -> swap(stream, stop, during));
      swaps.setDaemon(true);
      swaps.start();
      sendFor(SWAPPING.dividedBy(TURNS), perSecond, 2 * turn + 1);
      stop.set(true);
      swaps.join();
      round.awaitAll();
      Arrays.fill(beside, from, round.sent(), true);
    }

    double[] calmNanos = round.latencies(calm);
    print("at half load", calmNanos);
    print("  of it until written", round.latenciesUncommitted(calm));
    double bound = delayMillis + 2 * half.meanMillis();
    System.out.printf(
        Locale.ROOT,
        "  a batch of %.1f reviews takes %.0f ms, and each thread scores %.2f of the time; delay + two batches = %.0f ms; p99 is %.2f of that%n",
        calmReviews / half.runs(),
        half.meanMillis(),
        half.seconds() / HALF_LOAD.toSeconds() / threads,
        bound,
        percentile(calmNanos, 99) / NANOS_PER_MILLI / bound);
    print("at half load, one swap after the other", round.latencies(beside));
    double[] duringNanos = round.latencies(during);
    print("  of them, sent while a version was loaded and swapped in", duringNanos);
    System.out.printf(
        Locale.ROOT,
        "  p99 during a swap is %.2f of p99 without one%n",
        percentile(duringNanos, 99) / percentile(calmNanos, 99));
  }

  /** Reviews a second while there are always more. */
  private double throughput(int count) {
    long start = System.nanoTime();
    for (int number = 0; number < count; number++) {
      round.send(text(number));
    }
    round.awaitAll();
    return count / ((System.nanoTime() - start) / 1e9);
  }

  /** Marks the reviews that are sent from each activation until the version serves. */
  private void swap(SentimentStream stream, AtomicBoolean stop, boolean[] during) {
    Assignment assignment = Assignment.LATEST;
    int swaps = 0;
    try (ControlWriter control =
        new ControlWriter(
            Map.of("bootstrap.servers", brokers),
            name + "-control",
            name,
            Duration.ofSeconds(10))) {
      while (!stop.get()) {
        long next = stream.model().version() == 1 ? 2 : 1;
        int from = round.sent();
        long start = System.nanoTime();
        assignment = assignment.activate(next);
        control.write(assignment);
        while (stream.model().version() != next && !stop.get()) {
          LockSupport.parkNanos(1_000_000);
        }
        Arrays.fill(during, from, round.sent(), true);
        swaps++;
        System.err.printf(
            Locale.ROOT, "swap %d took %.1f s%n", swaps, (System.nanoTime() - start) / 1e9);
        LockSupport.parkNanos(BETWEEN_SWAPS.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reviews come by themselves, as people write them: the gaps are exponential. */
  private void sendFor(Duration duration, double perSecond, int seed) {
    Random random = new Random(seed);
    long end = System.nanoTime() + duration.toNanos();
    long due = System.nanoTime();
    while (due < end) {
      LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
      if (System.nanoTime() >= due) {
        round.send(text(round.sent()));
        due += (long) (-Math.log(1 - random.nextDouble()) / perSecond * 1e9);
      }
    }
  }

  private String text(int number) {
    return reviews.get(number % reviews.size()).replace('\n', ' ');
  }

  private static void print(String what, double[] nanos) {
    System.out.printf(
        Locale.ROOT,
        "%s: %d reviews, p50 %.0f ms, p99 %.0f ms, worst %.0f ms%n",
        what,
        nanos.length,
        percentile(nanos, 50) / NANOS_PER_MILLI,
        percentile(nanos, 99) / NANOS_PER_MILLI,
        percentile(nanos, 100) / NANOS_PER_MILLI);
  }

  private static double percentile(double[] values, double percent) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return CallTimes.percentile(sorted, percent / 100);
  }

  /**
   * What the processor says about its model runs so far.
   *
   * @param seconds all of them
   * @param runs how many
   */
  private record Inference(double seconds, double runs) {

    static final Inference NONE = new Inference(0, 0);

    static Inference of(SentimentStream stream) throws Exception {
      URI page = URI.create("http://127.0.0.1:" + stream.httpAddress().getPort() + "/metrics");
      String metrics =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
              .body();
      return new Inference(
          value(metrics, "valence_inference_seconds_sum "),
          value(metrics, "valence_inference_seconds_count "));
    }

    Inference minus(Inference before) {
      return new Inference(seconds - before.seconds, runs - before.runs);
    }

    Inference plus(Inference other) {
      return new Inference(seconds + other.seconds, runs + other.runs);
    }

    double meanMillis() {
      return 1_000 * seconds / runs;
    }

    private static double value(String metrics, String name) {
      return metrics
          .lines()
          .filter(line -> line.startsWith(name))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
          .findFirst()
          .orElseThrow();
    }
  }
}
