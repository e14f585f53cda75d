package dev.valence.schema;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.data.TimeConversions.TimestampMillisConversion;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.Utf8;

/**
 * Writes and reads records of one class in Avro's single-object encoding: the bytes {@code C3 01},
 * the little-endian CRC-64-AVRO fingerprint of the writer's schema, the record in binary.
 *
 * <p>Instances are immutable and safe for use by many threads.
 *
 * <p>Avro's own {@code BinaryMessageDecoder} is not used: it allocates what a length in the message
 * claims before it looks how much is there (a dozen bytes can ask for 2 GB), and it ignores bytes
 * after the record. Messages come from strangers, so both must be refused, and so must strings that
 * are not UTF-8.
 *
 * @param <T> the generated record class
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding">Avro
 *     1.12, single-object encoding</a>
 */
public final class AvroMessages<T extends SpecificRecord> {

  private static final byte[] MARKER = {(byte) 0xC3, 0x01};
  private static final int HEADER_BYTES = MARKER.length + Long.BYTES;

  /** Without a registry a reader knows the schemas of its own jar, and none that came later. */
  private static final Schema SENTIMENT_1 = older("ReviewSentiment-1.avsc");

  /** How records are written with one schema. */
  private record Form<T>(Schema schema, byte[] header, SpecificDatumWriter<T> writer) {

    Form(Schema schema, SpecificData data) {
      this(schema, singleObjectHeader(schema), new SpecificDatumWriter<>(schema, data));
    }
  }

  private final SpecificData data;
  private final Form<T> newest;
  private final Function<T, Form<T>> formOf;
  private final Map<Long, SpecificDatumReader<T>> readers = new HashMap<>();

  private AvroMessages(SpecificData data, Form<T> newest, Function<T, Form<T>> formOf) {
    this.data = data;
    this.newest = newest;
    this.formOf = formOf;
    addReader(newest.schema());
  }

  /** Messages that hold a {@link Review}. */
  public static AvroMessages<Review> reviews() {
    return inOneForm(Review.class, Review.getClassSchema());
  }

  /**
   * Messages that hold a {@link ReviewSentiment}. One without an explanation is written with the
   * schema from before there were any, so that readers from then understand it.
   */
  public static AvroMessages<ReviewSentiment> sentiments() {
    SpecificData data = new TrustedData(ReviewSentiment.class, WordWeight.class);
    Form<ReviewSentiment> newest = new Form<>(ReviewSentiment.getClassSchema(), data);
    Form<ReviewSentiment> first = new Form<>(SENTIMENT_1, data);
    return new AvroMessages<>(
            data, newest, sentiment -> sentiment.getExplanation() == null ? first : newest)
        .alsoWrittenWith(SENTIMENT_1);
  }

  /** Messages that hold a {@link ReviewLabel}. */
  public static AvroMessages<ReviewLabel> labels() {
    return inOneForm(ReviewLabel.class, ReviewLabel.getClassSchema());
  }

  /** Messages that hold a {@link SentimentTrend}. */
  public static AvroMessages<SentimentTrend> trends() {
    return inOneForm(SentimentTrend.class, SentimentTrend.getClassSchema());
  }

  /**
   * The same messages, read also when they were written with one of these schemas, older or newer
   * than the one compiled into this jar. Fields are matched by Avro's resolution rules.
   */
  public AvroMessages<T> alsoWrittenWith(Schema... writerSchemas) {
    AvroMessages<T> more = new AvroMessages<>(data, newest, formOf);
    more.readers.putAll(readers);
    Arrays.stream(writerSchemas).forEach(more::addReader);
    return more;
  }

  /** Whether these bytes begin like a message of this encoding. */
  public static boolean looksLikeMessage(byte[] bytes) {
    return bytes.length >= HEADER_BYTES && bytes[0] == MARKER[0] && bytes[1] == MARKER[1];
  }

  /** The schema that messages are read into. */
  public Schema schema() {
    return newest.schema();
  }

  /** The record as a message, ten bytes longer than its binary form. */
  public byte[] write(T message) {
    Form<T> form = formOf.apply(message);
    return write(form.header(), message, form.writer());
  }

  /**
   * The record in binary, written with {@link #schema}, behind another header than that of the
   * single-object encoding.
   */
  public byte[] write(byte[] otherHeader, T message) {
    return write(otherHeader, message, newest.writer());
  }

  private byte[] write(byte[] header, T message, SpecificDatumWriter<T> writer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.writeBytes(header);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      writer.write(message, encoder);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return out.toByteArray();
  }

  /**
   * Reads one message.
   *
   * @throws IOException if the bytes are not one whole message written with a known schema; its
   *     message is one line that says why
   */
  public T read(byte[] bytes) throws IOException {
    if (!looksLikeMessage(bytes)) {
      throw new IOException("not an Avro single-object message: it does not begin with C3 01");
    }
    long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(MARKER.length);
    SpecificDatumReader<T> reader = readers.get(fingerprint);
    if (reader == null) {
      throw new IOException(
          "written with an unknown Avro schema: fingerprint %016x".formatted(fingerprint));
    }
    return read(bytes, HEADER_BYTES, reader);
  }

  /**
   * Reads one record in binary that follows another header.
   *
   * @param bytes header and record
   * @param headerBytes length of the header, at most that of the bytes
   * @param writerSchema what the record was written with
   * @throws IOException if what follows is not one whole record, or its schema cannot be resolved
   *     to {@link #schema()}; its message is one line that says why
   */
  public T read(byte[] bytes, int headerBytes, Schema writerSchema) throws IOException {
    return read(bytes, headerBytes, new StrictReader<>(writerSchema, schema(), data));
  }

  private T read(byte[] bytes, int headerBytes, SpecificDatumReader<T> reader) throws IOException {
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, headerBytes, bytes.length - headerBytes, null);
    try {
      T message = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new IOException("bytes follow the " + schema().getName() + " in the message");
      }
      return message;
    } catch (EOFException e) {
      throw new IOException("the message ends within the " + schema().getName(), e);
    } catch (RuntimeException e) {
      throw new IOException("not a " + schema().getName() + " in Avro: " + e.getMessage(), e);
    }
  }

  private static <T extends SpecificRecord> AvroMessages<T> inOneForm(
      Class<T> type, Schema schema) {
    SpecificData data = new TrustedData(type);
    Form<T> newest = new Form<>(schema, data);
    return new AvroMessages<>(data, newest, message -> newest);
  }

  private void addReader(Schema writerSchema) {
    readers.put(
        SchemaNormalization.parsingFingerprint64(writerSchema),
        new StrictReader<>(writerSchema, schema(), data));
  }

  private static Schema older(String resource) {
    try (InputStream in = AvroMessages.class.getResourceAsStream(resource)) {
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + resource, e);
    }
  }

  private static byte[] singleObjectHeader(Schema schema) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MARKER)
        .putLong(SchemaNormalization.parsingFingerprint64(schema))
        .array();
  }

  /** Refuses strings that are not UTF-8, where Avro puts U+FFFD in their place. */
  private static final class StrictReader<T> extends SpecificDatumReader<T> {

    StrictReader(Schema writerSchema, Schema schema, SpecificData data) {
      super(writerSchema, schema, data);
    }

    @Override
    protected Object readString(Object old, Schema expected, Decoder in) throws IOException {
      Utf8 bytes = in.readString(null);
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(bytes.getBytes(), 0, bytes.getByteLength()))
            .toString();
      } catch (CharacterCodingException e) {
        throw new IOException("the message has a string that is not UTF-8", e);
      }
    }
  }

  /**
   * Knows the classes that its schemas stand for. Avro 1.12.2 otherwise looks a class up by name
   * and refuses it unless the whole process was told to trust it ({@code ClassSecurityValidator}).
   */
  private static final class TrustedData extends SpecificData {

    private final Map<String, Class<?>> types;

    TrustedData(Class<?>... types) {
      super(types[0].getClassLoader());
      this.types = Arrays.stream(types).collect(Collectors.toMap(Class::getName, type -> type));
      addLogicalTypeConversion(new TimestampMillisConversion());
    }

    @Override
    public Class<?> getClass(Schema schema) {
      Class<?> type =
          schema.getType() == Schema.Type.RECORD ? types.get(schema.getFullName()) : null;
      return type == null ? super.getClass(schema) : type;
    }
  }
}
