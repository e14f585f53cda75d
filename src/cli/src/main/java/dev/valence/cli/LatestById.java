package dev.valence.cli;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What was said last of each id. Within a partition the later record is the one behind; records of
 * different partitions, which a producer with another partitioner can write, go by their time.
 */
final class LatestById<V> {

  private record Said<V>(int partition, long offset, long timestamp, V value) {}

  private final Map<String, Said<V>> byId = new HashMap<>();

  /**
   * @param value null where the record takes back what was said
   */
  void put(String id, ConsumerRecord<?, ?> record, V value) {
    Said<V> said = new Said<>(record.partition(), record.offset(), record.timestamp(), value);
    byId.merge(id, said, (before, now) -> isLater(now, before) ? now : before);
  }

  /** What counts of that id; null if there is nothing. */
  V get(String id) {
    Said<V> said = byId.get(id);
    return said == null ? null : said.value();
  }

  /** The ids of which something counts, in the order of partitions and offsets. */
  List<String> ids() {
    return byId.entrySet().stream()
        .filter(entry -> entry.getValue().value() != null)
        .sorted(
            Map.Entry.comparingByValue(
                Comparator.<Said<V>>comparingInt(Said::partition).thenComparingLong(Said::offset)))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isLater(Said<?> one, Said<?> other) {
    return one.partition() == other.partition()
        ? one.offset() > other.offset()
        : one.timestamp() >= other.timestamp();
  }
}
