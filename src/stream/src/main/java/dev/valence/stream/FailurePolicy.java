package dev.valence.stream;

import dev.valence.stream.format.SchemaRegistryUnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what follows when a thread of the stream dies. Kafka's passing faults, such as a broker
 * that did not answer in time or a transaction that ended under its producer, and a schema registry
 * that is away, cost the thread: another takes its place and replays what was not committed.
 * Anything else, a broken model above all, would only happen again: the stream stops.
 */
final class FailurePolicy implements StreamsUncaughtExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(FailurePolicy.class);

  /**
   * Kafka Streams itself starts over after most of these, but not everywhere: a commit while a
   * broker that coordinates transactions goes away ended in an InvalidTxnStateException. And a task
   * may be told of the corruption of another, whose records the producer could not send.
   */
  private static final List<Class<? extends Throwable>> PASSING =
      List.of(
          RetriableException.class,
          TaskCorruptedException.class,
          InvalidTxnStateException.class,
          TransactionAbortableException.class,
          ProducerFencedException.class,
          InvalidProducerEpochException.class,
          InvalidPidMappingException.class,
          OutOfOrderSequenceException.class);

  /** These say all there is to know; where they came from would tell nobody more. */
  private static final List<Class<? extends Throwable>> EXPECTED =
      List.of(BrokenModelException.class, SlowModelException.class, ApiException.class);

  private final String what;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** For the stream that scores. */
  FailurePolicy() {
    this("The stream");
  }

  /**
   * @param what stops, for the log
   */
  FailurePolicy(String what) {
    this.what = what;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable exception) {
    Optional<SchemaRegistryUnavailableException> registry =
        find(exception, SchemaRegistryUnavailableException.class);
    if (registry.isPresent()) {
      LOG.warn("{} A thread ended, another takes over.", registry.get().getMessage());
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    if (PASSING.stream().anyMatch(type -> find(exception, type).isPresent())) {
      LOG.warn(
          "A passing fault of Kafka ended a thread, another takes over: {}",
          deepest(exception).toString());
      LOG.debug("The fault:", exception);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    if (EXPECTED.stream().anyMatch(type -> find(exception, type).isPresent())) {
      LOG.error("{} stops: {}", what, reason(exception));
      LOG.debug("Where it comes from:", exception);
    } else {
      LOG.error(what + " stops.", exception);
    }
    failure.compareAndSet(null, exception);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** Why the stream stopped, or empty if it did not stop by itself. */
  Optional<StreamFailedException> failure() {
    return Optional.ofNullable(failure.get())
        .map(
            exception ->
                new StreamFailedException("the stream stopped: " + reason(exception), exception));
  }

  private static String reason(Throwable exception) {
    Throwable last = deepest(exception);
    String message = last.getMessage() == null ? last.toString() : last.getMessage();
    if (find(exception, RecordTooLargeException.class).isPresent()) {
      return message
          + " Raise max.message.bytes of the output topics, or kafka.producer.max.request.size.";
    }
    if (find(exception, InvalidTimestampException.class).isPresent()) {
      return message
          + " What comes of a review bears its time: raise message.timestamp.before.max.ms and"
          + " message.timestamp.after.max.ms of the topics that the processor writes to.";
    }
    if (find(exception, AuthorizationException.class).isPresent()) {
      return message.replaceFirst("\\.?$", ".")
          + " Allow the processor's user what the README lists under Access.";
    }
    return message;
  }

  private static Throwable deepest(Throwable exception) {
    Throwable last = exception;
    while (last.getCause() != null && !(last instanceof BrokenModelException)) {
      last = last.getCause();
    }
    return last;
  }

  private static <T> Optional<T> find(Throwable exception, Class<T> type) {
    for (Throwable next = exception; next != null; next = next.getCause()) {
      if (type.isInstance(next)) {
        return Optional.of(type.cast(next));
      }
    }
    return Optional.empty();
  }
}
