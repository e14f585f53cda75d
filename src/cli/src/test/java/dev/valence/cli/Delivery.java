package dev.valence.cli;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What became of the reviews, by comparing what came in with what was committed.
 *
 * @param reviews that came in
 * @param scores that were committed
 * @param lost reviews without a score in their partition
 * @param repeated scores of a review beyond its first
 * @param outOfOrder first scores that stand behind one of a later review
 * @param wrong scores that differ from those without Kafka
 */
record Delivery(long reviews, long scores, long lost, long repeated, long outOfOrder, long wrong) {

  /** Says whether a committed record holds the right score. */
  interface Check {
    boolean isRight(ConsumerRecord<String, byte[]> score) throws Exception;
  }

  /**
   * @param in reviews by partition, in order
   * @param out scores by partition, in order, with the same keys
   */
  static Delivery compare(
      Map<Integer, List<ConsumerRecord<String, byte[]>>> in,
      Map<Integer, List<ConsumerRecord<String, byte[]>>> out,
      Check check)
      throws Exception {
    long reviews = 0;
    long scores = 0;
    long lost = 0;
    long repeated = 0;
    long outOfOrder = 0;
    long wrong = 0;
    for (Map.Entry<Integer, List<ConsumerRecord<String, byte[]>>> partition : in.entrySet()) {
      Map<String, Integer> places = new HashMap<>();
      partition.getValue().forEach(review -> places.put(review.key(), places.size()));
      Set<String> seen = new HashSet<>();
      int latest = -1;
      for (ConsumerRecord<String, byte[]> score : out.get(partition.getKey())) {
        scores++;
        wrong += check.isRight(score) ? 0 : 1;
        if (!seen.add(score.key())) {
          repeated++;
        } else {
          int place = places.getOrDefault(score.key(), -1);
          outOfOrder += place < latest ? 1 : 0;
          latest = Math.max(latest, place);
        }
      }
      reviews += partition.getValue().size();
      lost += places.keySet().stream().filter(key -> !seen.contains(key)).count();
    }
    return new Delivery(reviews, scores, lost, repeated, outOfOrder, wrong);
  }
}
