package dev.valence.stream;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what follows when a thread of the stream dies. Kafka's passing faults, such as a broker
 * that did not answer in time, cost the thread: another takes its place and replays what was not
 * committed. Anything else, a broken model above all, would only happen again: the stream stops.
 */
final class FailurePolicy implements StreamsUncaughtExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(FailurePolicy.class);

  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  @Override
  public StreamThreadExceptionResponse handle(Throwable exception) {
    if (find(exception, RetriableException.class).isPresent()) {
      LOG.warn("A passing fault of Kafka ended a thread, another takes over.", exception);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    LOG.error("The stream stops.", exception);
    failure.compareAndSet(null, exception);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** Why the stream stopped, or empty if it did not stop by itself. */
  Optional<StreamFailedException> failure() {
    return Optional.ofNullable(failure.get())
        .map(exception -> new StreamFailedException(messageOf(exception), exception));
  }

  private static String messageOf(Throwable exception) {
    Throwable last = exception;
    while (last.getCause() != null && !(last instanceof BrokenModelException)) {
      last = last.getCause();
    }
    String message = last.getMessage() == null ? last.toString() : last.getMessage();
    boolean tooLarge = find(exception, RecordTooLargeException.class).isPresent();
    return "the stream stopped: "
        + message
        + (tooLarge
            ? " Raise max.message.bytes of the output topics, or kafka.producer.max.request.size."
            : "");
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
