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
 * @param rounds to measure, after others that do not count
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
   * @param copies of all reviews that a processor scores in a round, for each thread
   * @param warmUpSeconds that a processor scores before it is measured, one copy for each thread at
   *     least
   */
  record Shape(
      int planned,
      int partitions,
      int instances,
      Map<String, String> settings,
      int copies,
      int warmUpSeconds) {

    /**
     * As {@code valence score} and {@code valence stream} have it. A round is long, since at its
     * end one thread waits for the other.
     */
    static final Shape USUAL = new Shape(1024, 4, 1, Map.of(), 4, 120);

    Shape withPartitions(int count) {
      return new Shape(planned, count, instances, settings, copies, warmUpSeconds);
    }

    Shape withInstances(int count) {
      return new Shape(planned, partitions, count, settings, copies, warmUpSeconds);
    }

    Shape withSettings(Map<String, String> keys) {
      return new Shape(planned, partitions, instances, keys, copies, warmUpSeconds);
    }

    /** Short rounds, measured after so many seconds, from the second on. */
    Shape brief(int seconds) {
      return new Shape(planned, partitions, instances, settings, 1, seconds);
    }
  }
}
