package dev.valence.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Where threads spend their time, by looking at their stacks every few milliseconds. What a stack
 * is counted as is decided by its innermost frame that belongs to one of the parts.
 */
final class StackProfile {
  private static final long INTERVAL_NANOS = 5_000_000;

  /** The first that a frame belongs to. */
  private enum Part {
    MODEL("model", "dev.valence.model.", "org.tensorflow."),
    TOKENIZING("tokenizing", "dev.valence.text."),
    SERDES("serdes", "dev.valence.stream.format.", "dev.valence.schema.", "org.apache.avro."),
    METRICS("metrics", "dev.valence.stream.StreamMetrics", "io.prometheus."),
    COMMITTING(
        "committing",
        "org.apache.kafka.clients.producer.KafkaProducer.flush",
        "org.apache.kafka.clients.producer.KafkaProducer.initTransactions",
        "org.apache.kafka.clients.producer.KafkaProducer.sendOffsetsToTransaction",
        "org.apache.kafka.clients.producer.KafkaProducer.commitTransaction",
        "org.apache.kafka.streams.processor.internals.TaskExecutor.commit",
        "org.apache.kafka.streams.processor.internals.TaskManager.commit"),
    SENDING("sending", "org.apache.kafka.clients.producer.KafkaProducer"),
    FETCHING("fetching", "org.apache.kafka.clients.consumer.");

    private final String label;
    private final List<String> prefixes;

    Part(String label, String... prefixes) {
      this.label = label;
      this.prefixes = List.of(prefixes);
    }

    boolean has(String frame) {
      return prefixes.stream().anyMatch(frame::startsWith);
    }
  }

  private final Predicate<String> watched;
  private final List<Sample> samples = new ArrayList<>();
  private final Thread sampler = new Thread(this::sample, "stack-profile");
  private volatile boolean stopped;

  /**
   * Starts to look.
   *
   * @param watched names of the threads that count
   */
  StackProfile(Predicate<String> watched) {
    this.watched = watched;
    sampler.setDaemon(true);
    sampler.start();
  }

  /**
   * A look at a thread.
   *
   * @param part what it did, or null
   */
  private record Sample(Instant at, Part part) {}

  /** Stops looking; parts of the time between these, which add up to 1. */
  Map<String, Double> stop(Instant start, Instant end) throws InterruptedException {
    stopped = true;
    sampler.join();
    List<Sample> counted =
        samples.stream()
            .filter(sample -> !sample.at().isBefore(start) && sample.at().isBefore(end))
            .toList();
    Map<String, Double> shares = new LinkedHashMap<>();
    for (Part part : Part.values()) {
      shares.put(part.label, share(counted, part));
    }
    shares.put("other", share(counted, null));
    return shares;
  }

  private static double share(List<Sample> samples, Part part) {
    long count = samples.stream().filter(sample -> sample.part() == part).count();
    return (double) count / Math.max(1, samples.size());
  }

  private void sample() {
    Thread[] threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> watched.test(thread.getName()))
            .toArray(Thread[]::new);
    while (!stopped) {
      for (Thread thread : threads) {
        samples.add(new Sample(Instant.now(), part(thread.getStackTrace())));
      }
      LockSupport.parkNanos(INTERVAL_NANOS);
    }
  }

  private static Part part(StackTraceElement[] stack) {
    for (StackTraceElement element : stack) {
      String frame = element.getClassName() + "." + element.getMethodName();
      for (Part part : Part.values()) {
        if (part.has(frame)) {
          return part;
        }
      }
    }
    return null;
  }
}
