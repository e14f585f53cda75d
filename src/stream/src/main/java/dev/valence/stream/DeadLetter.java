package dev.valence.stream;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Makes a dead letter: key, value, timestamp and headers of the original record, and headers that
 * say why and where from.
 *
 * <p>The headers have the names of KIP-1034 (exception, message, topic, partition, offset), so what
 * reads Kafka's own dead letters reads these. Kafka's mechanism itself is not used: it makes a dead
 * letter of whatever is thrown, a broken model and a programming error included, of the record that
 * happens to be in hand; and it is not reached from the drain before a commit.
 *
 * @see <a
 *     href="https://cwiki.apache.org/confluence/display/KAFKA/KIP-1034%3A+Dead+letter+queue+in+Kafka+Streams">KIP-1034</a>
 */
final class DeadLetter {

  /** Why a record was not scored. */
  enum Reason {
    /** The bytes are not a review. */
    UNREADABLE,
    /** The review broke the tokenizer or the model. */
    UNSCORABLE
  }

  private static final String PREFIX = "__streams.errors.";

  private DeadLetter() {}

  static Record<byte[], Outgoing> of(
      Record<byte[], byte[]> original, RecordMetadata source, Throwable failure) {
    Record<byte[], Outgoing> letter =
        original.withValue(new Outgoing(original.value(), source.partition()));
    Headers headers = letter.headers();
    set(headers, "exception", failure.getClass().getName());
    set(headers, "message", String.valueOf(failure.getMessage()));
    set(headers, "topic", source.topic());
    set(headers, "partition", Integer.toString(source.partition()));
    set(headers, "offset", Long.toString(source.offset()));
    return letter;
  }

  /** Replaces, because a dead letter that was sent back may die again. */
  private static void set(Headers headers, String name, String value) {
    headers.remove(PREFIX + name);
    headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
  }
}
