/**
 * The processor: reviews enter on one Kafka topic, scores leave on another, and what cannot be read
 * or scored leaves on a third with its original bytes and the reason.
 *
 * <p>{@link dev.valence.stream.SentimentStream} runs it, {@link dev.valence.stream.ValenceConfig}
 * says how. Records are scored in micro-batches that are emptied before every commit, so every
 * review ends in exactly one of the two output topics. The package never trains, never tokenises by
 * itself, and never touches Kafka's internal classes outside of {@code CommitHook}.
 */
package dev.valence.stream;
