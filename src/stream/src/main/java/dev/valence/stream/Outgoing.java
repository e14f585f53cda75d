package dev.valence.stream;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * The value of a record that leaves.
 *
 * @param bytes the value, null for a tombstone
 * @param inputPartition partition of the review that it answers
 */
record Outgoing(byte[] bytes, int inputPartition) {

  static Serializer<Outgoing> serializer() {
    return (topic, outgoing) -> outgoing.bytes();
  }

  /**
   * Sends each record to the partition of its review, modulo the number of partitions. So the order
   * of a partition survives for any producer: hashing the key would place records of producers with
   * another hash elsewhere, and would scatter records without a key.
   */
  static StreamPartitioner<byte[], Outgoing> partitioner() {
    return (topic, key, outgoing, partitions) ->
        Optional.of(Set.of(outgoing.inputPartition() % partitions));
  }
}
