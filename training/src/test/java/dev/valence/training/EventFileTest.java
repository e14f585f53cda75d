package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFOutOfRangeException;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.io.FifoQueue;
import org.tensorflow.op.io.ReaderRead;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.types.TString;

class EventFileTest {
  @TempDir private Path folder;

  @Test
  void isReadByTensorFlow() throws IOException {
    EventFile file = new EventFile(folder.resolve("run"));
    file.add(7, Map.of("training/loss", 0.5));
    file.add(8, Map.of("training/loss", 0.25));

    List<Event> events = read(files().get(0));

    assertThat(events).hasSize(4).first().returns("brain.Event:2", Event::getFileVersion);
    assertThat(events.get(3).getStep()).isEqualTo(8);
    assertThat(events.get(3).getSummary().getValue(0))
        .returns("training/loss", value -> value.getTag())
        .returns(0.25f, value -> value.getSimpleValue());
  }

  @Test
  void startsAFileThatSupersedesWhatWasWrittenBeforeAKill() throws IOException {
    new EventFile(folder.resolve("run")).add(9, Map.of("training/loss", 0.5));
    new EventFile(folder.resolve("run")).add(5, Map.of("training/loss", 0.7));

    assertThat(files()).hasSize(2);
    assertThat(read(files().get(1)))
        .anySatisfy(
            event -> {
              assertThat(event.getStep()).isEqualTo(5);
              assertThat(event.getSessionLog().getStatus())
                  .isEqualTo(SessionLog.SessionStatus.START);
            });
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("run"))) {
      return files.sorted().toList();
    }
  }

  /** The records as TensorFlow's own reader sees them, which checks both checksums. */
  private static List<Event> read(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      FifoQueue names = tf.io.fifoQueue(List.of(TString.class));
      Op add = tf.io.queueEnqueue(names.handle(), List.of(tf.constant(file.toString())));
      Op close = tf.io.queueClose(names.handle());
      ReaderRead next = tf.io.readerRead(tf.io.tfRecordReader().readerHandle(), names.handle());
      try (Session session = new Session(graph)) {
        session.runner().addTarget(add).run().close();
        session.runner().addTarget(close).run().close();
        while (true) {
          try (Result record = session.runner().fetch(next.value()).run()) {
            events.add(Event.parseFrom(((TString) record.get(0)).asBytes().getObject()));
          }
        }
      } catch (TFOutOfRangeException atItsEnd) {
        return events;
      }
    }
  }
}
