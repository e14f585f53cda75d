package dev.valence.stream;

import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;

/** What is wrong with a stream, for those who ask whether to restart it or to wait for it. */
final class StreamHealth {

  private final Supplier<KafkaStreams> streams;
  private final int threads;

  /**
   * @param streams gives null until there is one
   * @param threads that it should have
   */
  StreamHealth(Supplier<KafkaStreams> streams, int threads) {
    this.streams = streams;
    this.threads = threads;
  }

  /** State of the stream; {@link State#CREATED} until its threads run. */
  State state() {
    KafkaStreams running = streams.get();
    return running == null ? State.CREATED : running.state();
  }

  /** Why it should be started again, or nothing. */
  String health() {
    State state = state();
    if (state == State.CREATED) {
      return "";
    }
    return state.isRunningOrRebalancing() ? missingThreads() : "the stream is " + state;
  }

  /** Why it does not score, or not with all that it has, or nothing. */
  String readiness() {
    State state = state();
    return state == State.RUNNING ? missingThreads() : "the stream is " + state;
  }

  /**
   * Kafka Streams leaves threads that died out of its list, and goes on without one for which no
   * other could be started.
   */
  private String missingThreads() {
    int live = streams.get().metadataForLocalThreads().size();
    return live >= threads ? "" : "%d of %d threads live".formatted(live, threads);
  }
}
