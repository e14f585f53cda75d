package dev.valence.bench;

import dev.valence.stream.format.ReviewFormat;
import dev.valence.text.TextPipeline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Scores a topic as people write it who have a SavedModel and Kafka Streams: {@code mapValues},
 * record by record, with one session for all. The clock runs from the first record to the last.
 */
final class MappedScoring {

  private final Job job;
  private final Engine engine;
  private final TextPipeline pipeline;
  private final Path directory;
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

  /** A record that was scored; nanoseconds of this JVM's clock. */
  private record Call(int tokens, long start, long end) {}

  /**
   * @param directory may be written to
   */
  MappedScoring(Job job, Engine engine, TextPipeline pipeline, Path directory) {
    this.job = job;
    this.engine = engine;
    this.pipeline = pipeline;
    this.directory = directory;
  }

  /** Measures the job's rounds, after one that does not count. */
  Measurement measure(List<String> texts) {
    round(texts, 1);
    List<Double> seconds = new ArrayList<>();
    List<Double> nanos = new ArrayList<>();
    int reviews = 0;
    long tokens = 0;
    for (int round = 0; round < job.rounds(); round++) {
      reviews = round(texts, job.threads());
      long start = calls.stream().mapToLong(Call::start).min().orElseThrow();
      long end = calls.stream().mapToLong(Call::end).max().orElseThrow();
      seconds.add((end - start) / 1e9);
      tokens = calls.stream().mapToLong(Call::tokens).sum();
      calls.forEach(call -> nanos.add((double) (call.end() - call.start())));
    }
    return new Measurement(
        reviews,
        tokens,
        tokens,
        seconds,
        null,
        CallTimes.of(nanos),
        null,
        null,
        Memory.residentMebibytes());
  }

  private int round(List<String> texts, int copies) {
    calls.clear();
    try (ReviewTopic topic = ReviewTopic.create(job.brokers(), job.shape().partitions())) {
      int reviews = topic.fill(texts, copies, ReviewFormat.named(ReviewFormat.TEXT)).reviews();
      scoreAll(topic, reviews);
      return reviews;
    }
  }

  private void scoreAll(ReviewTopic topic, int reviews) {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(topic.reviews(), Consumed.with(Serdes.ByteArray(), Serdes.String()))
        .mapValues(text -> judge(text))
        .to(topic.scores(), Produced.with(Serdes.ByteArray(), Serdes.String()));
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, topic.name());
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, job.brokers());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, job.threads());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve("state").toString());
    settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    try (KafkaStreams streams = new KafkaStreams(builder.build(), settings)) {
      streams.start();
      topic.awaitValues(reviews);
    }
  }

  private String judge(String text) {
    long start = System.nanoTime();
    int[] ids = pipeline.encode(text).ids();
    float[] probabilities = engine.probabilities(new int[][] {ids})[0];
    calls.add(new Call(ids.length, start, System.nanoTime()));
    return Float.toString(probabilities[0]);
  }
}
