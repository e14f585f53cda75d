package dev.valence.stream;

import dev.valence.stream.format.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
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
public final class DeadLetter {

  /** Why a record was not scored. */
  public enum Reason {
    /** The bytes are not a review. */
    UNREADABLE,
    /** The review broke the tokenizer or the model. */
    UNSCORABLE
  }

  /**
   * What the headers of a dead letter say.
   *
   * @param reason why it was not scored
   * @param message what was wrong with it
   * @param topic where it was read
   * @param partition of that topic
   * @param offset in that partition
   */
  public record Cause(Reason reason, String message, String topic, int partition, long offset) {}

  private static final String PREFIX = "__streams.errors.";

  /** A message may quote the record, and the letter must still fit onto its topic. */
  private static final int MOST_MESSAGE_CHARACTERS = 1_000;

  private DeadLetter() {}

  static Record<byte[], Outgoing> of(
      Record<byte[], byte[]> original, RecordMetadata source, Throwable failure) {
    Record<byte[], Outgoing> letter =
        original.withValue(new Outgoing(original.value(), source.partition()));
    Headers headers = letter.headers();
    set(headers, "exception", failure.getClass().getName());
    set(headers, "message", beginning(String.valueOf(failure.getMessage())));
    set(headers, "topic", source.topic());
    set(headers, "partition", Integer.toString(source.partition()));
    set(headers, "offset", Long.toString(source.offset()));
    return letter;
  }

  /**
   * Reads the headers.
   *
   * @return empty if they are not those of a dead letter
   */
  public static Optional<Cause> causeOf(Headers headers) {
    String exception = get(headers, "exception");
    String topic = get(headers, "topic");
    String partition = get(headers, "partition");
    String offset = get(headers, "offset");
    if (exception == null || topic == null || partition == null || offset == null) {
      return Optional.empty();
    }
    Reason reason =
        exception.equals(UnreadableRecordException.class.getName())
            ? Reason.UNREADABLE
            : Reason.UNSCORABLE;
    try {
      return Optional.of(
          new Cause(
              reason,
              String.valueOf(get(headers, "message")),
              topic,
              Integer.parseInt(partition),
              Long.parseLong(offset)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The headers that the record had before it died, in order. */
  public static List<Header> original(Headers headers) {
    List<Header> left = new ArrayList<>();
    for (Header header : headers) {
      if (!header.key().startsWith(PREFIX)) {
        left.add(header);
      }
    }
    return left;
  }

  private static String beginning(String message) {
    return message.length() <= MOST_MESSAGE_CHARACTERS
        ? message
        : message.substring(0, MOST_MESSAGE_CHARACTERS) + "...";
  }

  private static String get(Headers headers, String name) {
    Header header = headers.lastHeader(PREFIX + name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Replaces, because a dead letter that was sent back may die again. */
  private static void set(Headers headers, String name, String value) {
    headers.remove(PREFIX + name);
    headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
  }
}
