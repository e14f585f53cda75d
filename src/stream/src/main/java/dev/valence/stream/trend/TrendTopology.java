package dev.valence.stream.trend;

import dev.valence.schema.SentimentTrend;
import dev.valence.stream.format.RecordFormat;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Builds the topology: trends of one review in, trends of windows out. */
public final class TrendTopology {

  private TrendTopology() {}

  /**
   * The topology for these topics. Open windows are kept in memory, and on a changelog.
   *
   * @param scores topic that {@link TrendScores} are on
   * @param trends topic to write to
   * @param format of what is written
   */
  public static Topology build(
      String scores,
      String trends,
      RecordFormat<SentimentTrend> format,
      TrendWindows windows,
      TrendMetrics metrics) {
    ProcessorSupplier<String, byte[], String, SentimentTrend> processors =
        new ProcessorSupplier<>() {
          @Override
          public Processor<String, byte[], String, SentimentTrend> get() {
            return new TrendProcessor(new TrendScores(), windows, metrics);
          }

          @Override
          public Set<StoreBuilder<?>> stores() {
            return Set.of(
                Stores.windowStoreBuilder(
                    Stores.inMemoryWindowStore(
                        TrendProcessor.STORE, windows.retention(), windows.size(), false),
                    Serdes.String(),
                    Serdes.ByteArray()));
          }
        };
    Serializer<SentimentTrend> serializer = (topic, trend) -> format.write(trend);
    return new Topology()
        .addSource("scores", new StringDeserializer(), new ByteArrayDeserializer(), scores)
        .addProcessor("count", processors, "scores")
        .addSink("trends", trends, new StringSerializer(), serializer, "count");
  }
}
