package dev.valence.stream.format;

import dev.valence.schema.AvroMessages;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro as the tools around Kafka write it when they use a schema registry: a zero byte, the id of
 * the writer's schema in four bytes, big end first, and the record in binary. Reads the
 * single-object encoding as well, so that a topic may change over.
 */
final class RegisteredAvro<T extends SpecificRecord> {

  private static final byte MARKER = 0;
  private static final int HEADER_BYTES = 1 + Integer.BYTES;

  private final SchemaRegistry registry;
  private final String subject;
  private final AvroMessages<T> messages;

  /**
   * @param topic that records are written to; gives the subject its name, as elsewhere
   */
  RegisteredAvro(SchemaRegistry registry, String topic, AvroMessages<T> messages) {
    this.registry = registry;
    this.subject = topic + "-value";
    this.messages = messages;
  }

  static boolean looksRegistered(byte[] value) {
    return value.length >= HEADER_BYTES && value[0] == MARKER;
  }

  void close() {
    registry.close();
  }

  byte[] write(T message) {
    int id = registry.id(subject, messages.schema());
    byte[] header = ByteBuffer.allocate(HEADER_BYTES).put(MARKER).putInt(id).array();
    return messages.write(header, message);
  }

  T read(byte[] value) throws UnreadableRecordException {
    try {
      if (AvroMessages.looksLikeMessage(value)) {
        return messages.read(value);
      }
      if (!looksRegistered(value)) {
        throw new UnreadableRecordException(
            "not Avro of a schema registry: it does not begin with a zero byte and an id");
      }
      int id = ByteBuffer.wrap(value).getInt(1);
      return messages.read(value, HEADER_BYTES, registry.schema(id));
    } catch (IOException e) {
      throw new UnreadableRecordException(e.getMessage(), e);
    }
  }
}
