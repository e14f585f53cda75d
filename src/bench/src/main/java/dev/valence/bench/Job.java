package dev.valence.bench;

import java.util.Map;

/**
 * What a worker process is to measure.
 *
 * @param contender that it runs
 * @param model directory of one version
 * @param reviews file with a JSON array of texts
 * @param peers directory of what {@link PeerFiles} wrote
 * @param brokers where Kafka is, for those who need it
 * @param threads that score at the same time
 * @param rounds to measure, after one that does not count
 * @param shape of the work
 */
record Job(
    Contender contender,
    String model,
    String reviews,
    String peers,
    String brokers,
    int threads,
    int rounds,
    Shape shape) {

  /**
   * How the work is cut.
   *
   * @param planned most reviews that are planned together
   * @param partitions of a topic
   * @param instances of the processor, which share the threads
   * @param settings of the processor, beside Valence's defaults
   * @param warmUpSeconds that a processor scores before it is measured, one round at least
   */
  record Shape(
      int planned, int partitions, int instances, Map<String, String> settings, int warmUpSeconds) {

    /** As {@code valence score} and {@code valence stream} have it. */
    static final Shape USUAL = new Shape(1024, 4, 1, Map.of(), 60);

    Shape withPartitions(int count) {
      return new Shape(planned, count, instances, settings, warmUpSeconds);
    }

    Shape withInstances(int count) {
      return new Shape(planned, partitions, count, settings, warmUpSeconds);
    }

    Shape withSettings(Map<String, String> keys) {
      return new Shape(planned, partitions, instances, keys, warmUpSeconds);
    }

    /** Measures from the second round on. */
    Shape withoutWarmUp() {
      return new Shape(planned, partitions, instances, settings, 0);
    }
  }
}
