package dev.valence.training;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

/**
 * What TensorBoard draws: an event file of scalars. Each record is an {@code Event}, framed by its
 * length and two masked checksums (TFRecord, {@code tensorflow/core/lib/io/record_writer.h}).
 */
final class EventFile {
  private static final String VERSION = "brain.Event:2";
  private static final int MASK = 0xa282ead8;

  private final Path folder;
  private Path file;

  /**
   * @param folder of the run; the file is made with the first scalars
   */
  EventFile(Path folder) {
    this.folder = folder;
  }

  /**
   * Adds the scalars of one step. The first ones of a process supersede what earlier files say of
   * this step and later ones: a run that was killed goes on from before them.
   *
   * @throws IOException if they cannot be written
   */
  void add(long step, Map<String, Double> scalars) throws IOException {
    if (file == null) {
      file = create();
      append(event(step).setFileVersion(VERSION));
      append(
          event(step)
              .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
    }
    Summary.Builder summary = Summary.newBuilder();
    scalars.forEach(
        (tag, value) ->
            summary.addValue(
                Summary.Value.newBuilder().setTag(tag).setSimpleValue(value.floatValue())));
    append(event(step).setSummary(summary));
  }

  /** TensorBoard reads the files of a folder in the order of their names. */
  private Path create() throws IOException {
    Files.createDirectories(folder);
    long seconds = System.currentTimeMillis() / 1000;
    while (true) {
      Path path = folder.resolve("events.out.tfevents." + seconds + ".valence");
      if (!Files.exists(path)) {
        return Files.createFile(path);
      }
      seconds++;
    }
  }

  private static Event.Builder event(long step) {
    return Event.newBuilder().setStep(step).setWallTime(System.currentTimeMillis() / 1e3);
  }

  private void append(Event.Builder event) throws IOException {
    byte[] data = event.build().toByteArray();
    byte[] length =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(data.length).array();
    byte[] framed =
        ByteBuffer.allocate(length.length + data.length + 2 * Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(length)
            .putInt(checksum(length))
            .put(data)
            .putInt(checksum(data))
            .array();
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      out.write(framed);
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }
}
