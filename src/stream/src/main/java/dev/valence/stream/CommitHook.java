package dev.valence.stream;

import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * A store that stores nothing: it lets a processor act before each commit of its task, so that what
 * the processor buffered belongs to the commit.
 *
 * <p>Kafka Streams has no public hook there. Before it flushes the producer and commits offsets
 * ({@code StreamTask.prepareCommit}), at least once and exactly once alike, it empties the caches
 * of the task's stores, which are those that implement {@link CachedStateStore}; {@code
 * StateStore.flush} runs after the commit and {@code Processor.close} too late. All use of Kafka's
 * internal classes is in this class, read in kafka-streams 4.0.0 to 4.3.1; {@code DrainOrderTest}
 * fails on a real broker if an upgrade breaks the order.
 */
final class CommitHook implements StateStore, CachedStateStore<byte[], byte[]> {

  /** Where a record came from, as downstream nodes and Kafka's error handlers see it. */
  static final class Origin {

    private final ProcessorRecordContext context;

    private Origin(ProcessorRecordContext context) {
      this.context = context;
    }
  }

  private final String name;
  private InternalProcessorContext<?, ?> context;
  private ProcessorNode<?, ?, ?, ?> node;
  private Runnable beforeCommit = () -> {};
  private boolean open;

  private CommitHook(String name) {
    this.name = name;
  }

  static StoreBuilder<CommitHook> builder(String name) {
    return new Builder(name);
  }

  /**
   * Binds the hook to the processor that is being initialised.
   *
   * @param processorContext the processor's context
   * @param action runs before each commit of a task that has processed something; also when a task
   *     is given up, where an exception only reaches the log
   */
  void attach(ProcessorContext<?, ?> processorContext, Runnable action) {
    context = (InternalProcessorContext<?, ?>) processorContext;
    node = context.currentNode();
    beforeCommit = action;
  }

  /** Releases the processor. */
  void detach() {
    beforeCommit = () -> {};
  }

  /** Origin of the record that is being processed. */
  Origin origin() {
    return new Origin(context.recordContext());
  }

  /**
   * Runs an action that forwards, as if the record of that origin were being processed: {@code
   * forward} needs the current node, which is not set outside of {@code process}, and dead letters
   * need the right offset.
   */
  void as(Origin origin, Runnable action) {
    ProcessorNode<?, ?, ?, ?> previousNode = context.currentNode();
    ProcessorRecordContext previousContext = context.recordContext();
    context.setCurrentNode(node);
    context.setRecordContext(origin.context);
    try {
      action.run();
    } finally {
      context.setRecordContext(previousContext);
      context.setCurrentNode(previousNode);
    }
  }

  @Override
  public void flushCache() {
    beforeCommit.run();
  }

  @Override
  public void clearCache() {}

  @Override
  public boolean setFlushListener(
      CacheFlushListener<byte[], byte[]> listener, boolean sendOldValues) {
    return false;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext storeContext, StateStore root) {
    storeContext.register(root, (key, value) -> {});
    open = true;
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  private record Builder(String name) implements StoreBuilder<CommitHook> {

    @Override
    public CommitHook build() {
      return new CommitHook(name);
    }

    @Override
    public StoreBuilder<CommitHook> withCachingEnabled() {
      return this;
    }

    @Override
    public StoreBuilder<CommitHook> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<CommitHook> withLoggingEnabled(Map<String, String> config) {
      throw new UnsupportedOperationException("there is nothing to log");
    }

    @Override
    public StoreBuilder<CommitHook> withLoggingDisabled() {
      return this;
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
      return false;
    }
  }
}
