package dev.valence.stream;

import dev.valence.schema.Review;
import dev.valence.stream.BatchScorer.Encoded;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A record that waits for its answer.
 *
 * @param record the original
 * @param source topic, partition and offset
 * @param origin the same for Kafka's internals
 * @param review has its final id; null for a tombstone
 * @param encoded null for a tombstone
 */
record Pending(
    Record<byte[], byte[]> record,
    RecordMetadata source,
    CommitHook.Origin origin,
    Review review,
    Encoded encoded) {}
