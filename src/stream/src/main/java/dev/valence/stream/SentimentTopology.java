package dev.valence.stream;

import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Builds the topology: bytes in, one processor, scores and dead letters out, and trends of one
 * review each if trends are counted.
 */
final class SentimentTopology {

  static final String REVIEWS = "reviews";
  static final String SCORE = "score";
  static final String SENTIMENTS = "sentiments";
  static final String DEAD_LETTERS = "dead-letters";
  static final String TREND_SCORES = "trend-scores";
  static final String COMMIT_HOOK = "drain-before-commit";

  private SentimentTopology() {}

  /**
   * The topology for these topics.
   *
   * @param config names the topics
   * @param processors a new processor a task
   */
  static Topology build(ValenceConfig config, Supplier<ScoringProcessor> processors) {
    AutoOffsetReset asConfigured = null;
    Topology topology =
        new Topology()
            .addSource(
                asConfigured,
                REVIEWS,
                timestamps(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                config.reviewsTopic())
            .addProcessor(SCORE, withHook(processors), REVIEWS)
            .addSink(
                SENTIMENTS,
                config.sentimentsTopic(),
                new ByteArraySerializer(),
                Outgoing.serializer(),
                Outgoing.partitioner(),
                SCORE)
            .addSink(
                DEAD_LETTERS,
                config.deadLettersTopic(),
                new ByteArraySerializer(),
                Outgoing.serializer(),
                Outgoing.partitioner(),
                SCORE);
    if (config.countsTrends()) {
      // Placed by its key, the subject, so that one task counts all reviews of a subject.
      topology.addSink(
          TREND_SCORES,
          config.trendScoresTopic(),
          new ByteArraySerializer(),
          Outgoing.serializer(),
          SCORE);
    }
    return topology;
  }

  /** Kafka's default refuses a record without a timestamp, and with it the whole partition. */
  private static TimestampExtractor timestamps() {
    return (record, partitionTime) ->
        record.timestamp() >= 0 ? record.timestamp() : System.currentTimeMillis();
  }

  private static ProcessorSupplier<byte[], byte[], byte[], Outgoing> withHook(
      Supplier<ScoringProcessor> processors) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<byte[], byte[], byte[], Outgoing> get() {
        return processors.get();
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return Set.of(CommitHook.builder(COMMIT_HOOK));
      }
    };
  }
}
