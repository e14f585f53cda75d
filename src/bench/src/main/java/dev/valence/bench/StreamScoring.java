package dev.valence.bench;

import dev.valence.model.ModelRepository;
import dev.valence.stream.ScoringKeys;
import dev.valence.stream.SentimentStream;
import dev.valence.stream.ServiceKeys;
import dev.valence.stream.TopicKeys;
import dev.valence.stream.ValenceConfig;
import dev.valence.stream.format.ReviewFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets the processor score a topic. The clock runs from when the reviews appear there, all at once,
 * to the last score.
 */
final class StreamScoring {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Not those of its clients, which have its name in theirs. */
  private static final Pattern STREAM_THREAD = Pattern.compile("bench-.*-StreamThread-\\d+");

  private static final Pattern SCORING_BUCKET =
      Pattern.compile("valence_inference_seconds_bucket\\{le=\"([^\"]+)\",?\\}");

  private final Job job;
  private final Path repository;
  private final ReviewTopic topic;
  private final List<SentimentStream> streams = new ArrayList<>();
  private final ReviewFormat format = ReviewFormat.named(ReviewFormat.AVRO);

  private StreamScoring(Job job, Path repository, ReviewTopic topic) {
    this.job = job;
    this.repository = repository;
    this.topic = topic;
  }

  /** One round. */
  private record Round(
      Instant start,
      Instant end,
      int reviews,
      long tokens,
      long cells,
      SortedMap<Double, Double> scorings) {

    double seconds() {
      return Duration.between(start, end).toNanos() / 1e9;
    }
  }

  /**
   * Measures the job's rounds, after others that do not count: in the first minute Java's compiler
   * takes up to a sixth of the cores, and in the second a twentieth, which a processor that runs
   * for days does not notice. Where the time goes is looked at before, since looking costs some.
   *
   * @param directory may be written to
   */
  static Measurement measure(Job job, List<String> texts, Path directory) throws Exception {
    Path models = Files.createDirectory(directory.resolve("models"));
    new ModelRepository(models).publish(Path.of(job.model()));
    try (ReviewTopic topic = ReviewTopic.create(job.brokers(), job.shape().partitions())) {
      StreamScoring scoring = new StreamScoring(job, models, topic);
      try {
        scoring.start();
        return scoring.measure(texts);
      } finally {
        scoring.streams.forEach(SentimentStream::close);
      }
    }
  }

  private void start() throws Exception {
    for (int instance = 0; instance < job.shape().instances(); instance++) {
      streams.add(SentimentStream.start(config(instance)));
    }
    for (SentimentStream stream : streams) {
      if (!stream.awaitReady(PATIENCE)) {
        throw new IllegalStateException("the processor got no partitions");
      }
    }
    if (streams.size() > 1) {
      awaitBalance();
    }
  }

  private Measurement measure(List<String> texts) throws Exception {
    long start = System.nanoTime();
    Map<String, Double> timeShares;
    do {
      StackProfile profile = new StackProfile(STREAM_THREAD.asMatchPredicate());
      Round round = round(texts, job.threads());
      timeShares = profile.stop(round.start(), round.end());
    } while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(job.shape().warmUpSeconds()));
    List<Double> seconds = new ArrayList<>();
    Round last = null;
    for (int round = 0; round < job.rounds(); round++) {
      last = round(texts, job.threads() * job.shape().copies());
      seconds.add(last.seconds());
    }
    return new Measurement(
        last.reviews(),
        last.tokens(),
        last.cells(),
        seconds,
        null,
        CallTimes.ofBuckets(last.scorings()),
        timeShares,
        null,
        Memory.residentMebibytes());
  }

  private Round round(List<String> texts, int copies) throws Exception {
    Map<String, Double> before = metrics();
    ReviewTopic.Filling filling = topic.fill(texts, copies, format);
    Instant end = topic.awaitScores(filling.reviews());
    Map<String, Double> after = metrics();
    long cells = more("valence_model_cells_total", before, after);
    return new Round(
        filling.at(),
        end,
        filling.reviews(),
        cells - more("valence_padding_cells_total", before, after),
        cells,
        scorings(before, after));
  }

  /** How many scorings of what was collected took at most so many seconds, by these. */
  private static SortedMap<Double, Double> scorings(
      Map<String, Double> before, Map<String, Double> after) {
    SortedMap<Double, Double> counts = new TreeMap<>();
    after.forEach(
        (name, count) -> {
          Matcher bucket = SCORING_BUCKET.matcher(name);
          if (bucket.matches()) {
            double seconds =
                bucket.group(1).equals("+Inf")
                    ? Double.POSITIVE_INFINITY
                    : Double.parseDouble(bucket.group(1));
            counts.put(seconds, count - before.getOrDefault(name, 0.0));
          }
        });
    return counts;
  }

  private static long more(String metric, Map<String, Double> before, Map<String, Double> after) {
    return (long) (after.get(metric) - before.get(metric));
  }

  /** Several instances share the partitions out among themselves when the last has joined. */
  private void awaitBalance() throws InterruptedException {
    int calm = 0;
    while (calm < 20) {
      Thread.sleep(100);
      calm = streams.stream().allMatch(SentimentStream::isReady) ? calm + 1 : 0;
    }
  }

  private ValenceConfig config(int instance) {
    Map<String, String> settings = new HashMap<>();
    settings.put("kafka.bootstrap.servers", job.brokers());
    settings.put("kafka.application.id", topic.name());
    settings.put(
        "kafka.num.stream.threads",
        Integer.toString(Math.max(1, job.threads() / job.shape().instances())));
    settings.put("kafka.state.dir", repository.resolveSibling("state" + instance).toString());
    settings.put(TopicKeys.TOPIC_REVIEWS_CONFIG, topic.reviews());
    settings.put(TopicKeys.TOPIC_SENTIMENTS_CONFIG, topic.scores());
    settings.put(TopicKeys.TOPIC_DEAD_LETTERS_CONFIG, topic.name() + "-dead-letters");
    settings.put(TopicKeys.TOPIC_CONTROL_CONFIG, "");
    settings.put(ServiceKeys.HTTP_PORT_CONFIG, "0");
    settings.put(ScoringKeys.MODEL_REPOSITORY_CONFIG, repository.toString());
    settings.put(ScoringKeys.MODEL_PRECISION_CONFIG, job.contender().precision().toString());
    settings.putAll(job.shape().settings());
    return new ValenceConfig(settings);
  }

  /** Valence's own, by name and labels, summed over the instances. */
  private Map<String, Double> metrics() throws IOException, InterruptedException {
    Map<String, Double> sums = new HashMap<>();
    for (SentimentStream stream : streams) {
      URI page = URI.create("http://127.0.0.1:" + stream.httpAddress().getPort() + "/metrics");
      String text =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
              .body();
      text.lines()
          .filter(line -> line.startsWith("valence_"))
          .forEach(
              line -> {
                int end = line.lastIndexOf(' ');
                sums.merge(
                    line.substring(0, end), Double.valueOf(line.substring(end + 1)), Double::sum);
              });
    }
    return sums;
  }
}
