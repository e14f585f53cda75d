package dev.valence.stream.format;

import dev.valence.schema.AvroMessages;
import dev.valence.schema.ReviewLabel;
import dev.valence.schema.SentimentTrend;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/**
 * Turns corrections and trends into the values of records, in one of three formats, and back from
 * any of them: they are told apart by their first bytes. Safe for use by many threads.
 *
 * @param <T> what a record holds
 */
public final class RecordFormat<T extends SpecificRecord> implements AutoCloseable {

  /** Avro's single-object encoding. */
  public static final String AVRO = "avro";

  /** A JSON object with the field names of the Avro schema; times are ISO 8601. */
  public static final String JSON = "json";

  /** Avro whose schema is in a schema registry, behind a zero byte and the schema's id. */
  public static final String REGISTERED = "avro-registry";

  /** Names of the formats. */
  public static final List<String> NAMES = List.of(AVRO, JSON, REGISTERED);

  private final String written;
  private final AvroMessages<T> avro;
  private final JsonForm<T> json;
  private final Optional<RegisteredAvro<T>> registered;

  private RecordFormat(
      String written,
      AvroMessages<T> avro,
      JsonForm<T> json,
      Optional<SchemaRegistry> registry,
      String topic) {
    if (!NAMES.contains(written) || (written.equals(REGISTERED) && registry.isEmpty())) {
      throw new IllegalArgumentException(
          "cannot write the format " + written + ": take one of " + NAMES + " that is at hand");
    }
    this.written = written;
    this.avro = avro;
    this.json = json;
    this.registered = registry.map(known -> new RegisteredAvro<>(known, topic, avro));
  }

  /**
   * Corrections: which label a review should have got.
   *
   * @param written one of {@link #NAMES}; {@link #REGISTERED} needs a registry
   * @param topic they are written to; names the schema's subject
   */
  public static RecordFormat<ReviewLabel> labels(
      String written, Optional<SchemaRegistry> registry, String topic) {
    return new RecordFormat<>(written, AvroMessages.labels(), new JsonLabels(), registry, topic);
  }

  /**
   * Trends.
   *
   * @param written one of {@link #NAMES}; {@link #REGISTERED} needs a registry
   * @param topic they are written to; names the schema's subject
   */
  public static RecordFormat<SentimentTrend> trends(
      String written, Optional<SchemaRegistry> registry, String topic) {
    return new RecordFormat<>(written, AvroMessages.trends(), new JsonTrends(), registry, topic);
  }

  /**
   * The value of a record.
   *
   * @throws SchemaRefusedException if a schema registry will not have its schema
   * @throws SchemaRegistryUnavailableException if the schema's id is not known and cannot be asked
   *     for
   */
  public byte[] write(T content) {
    return switch (written) {
      case JSON -> json.objects().write(json.write(content));
      case REGISTERED -> registered.orElseThrow().write(content);
      default -> avro.write(content);
    };
  }

  /**
   * Reads one record, whatever its format.
   *
   * @param value of the record, not null
   * @throws UnreadableRecordException if the bytes are not one whole record of any format
   * @throws SchemaRegistryUnavailableException if a schema is not known and cannot be asked for
   */
  public T read(byte[] value) throws UnreadableRecordException {
    if (RegisteredAvro.looksRegistered(value)) {
      return registered
          .orElseThrow(
              () ->
                  new UnreadableRecordException("its schema is in a schema registry: say in which"))
          .read(value);
    }
    if (!AvroMessages.looksLikeMessage(value)) {
      return json.read(json.objects().read(value));
    }
    try {
      return avro.read(value);
    } catch (IOException e) {
      throw new UnreadableRecordException(e.getMessage(), e);
    }
  }

  /** Ends all waiting for a schema registry, where there is one. */
  @Override
  public void close() {
    registered.ifPresent(RegisteredAvro::close);
  }
}
