package dev.valence.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * The checkpoints of one run, {@code checkpoint-<step>/} each. One becomes visible only when it is
 * whole, by a rename; the one before it is kept until then, so that a full disk or a kill costs the
 * steps since, never the run.
 */
final class Checkpoints {
  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d+)");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final TrainingRun run;
  private long saved = System.nanoTime();

  /**
   * Where a run stood.
   *
   * @param corpus digest of the training text
   * @param hyperparameters as JSON
   * @param towers branches of the graph, which the saved states belong to
   * @param step updates made
   * @param epoch counts from 0
   * @param stepInEpoch updates made in it
   */
  record Position(
      String corpus, String hyperparameters, int towers, long step, int epoch, int stepInEpoch) {

    Position at(long newStep, int newEpoch, int newStepInEpoch) {
      return new Position(corpus, hyperparameters, towers, newStep, newEpoch, newStepInEpoch);
    }
  }

  Checkpoints(TrainingRun run) {
    this.run = run;
  }

  /**
   * Goes back to the newest checkpoint, if there is one.
   *
   * @param fresh where a new run starts
   * @param restore reads the variables under the prefix it is given
   * @return where the run stands
   * @throws TrainingException if the checkpoint is of another corpus, of other hyper-parameters or
   *     of another number of towers
   */
  Position resume(Position fresh, Consumer<Path> restore) {
    Optional<Path> newest = newest();
    if (newest.isEmpty()) {
      return fresh;
    }
    Position position = position(newest.get(), fresh);
    restore.accept(newest.get().resolve("variables"));
    run.progress().line("resuming from " + newest.get());
    return position;
  }

  /**
   * Writes a checkpoint when one is due or the run is to stop.
   *
   * @param save writes the variables under the prefix it is given
   * @return whether the run is to stop
   */
  boolean stopAfter(Position position, Consumer<Path> save) {
    boolean stop = run.stop().getAsBoolean();
    if (stop || System.nanoTime() - saved > run.checkpointEvery().toNanos()) {
      write(position, save);
      saved = System.nanoTime();
    }
    return stop;
  }

  /** The newest whole checkpoint's folder. */
  Optional<Path> newest() {
    return folders().stream().max(Comparator.comparingLong(Checkpoints::step));
  }

  private static Position position(Path checkpoint, Position expected) {
    Position found;
    try {
      found = MAPPER.readValue(checkpoint.resolve("position.json").toFile(), Position.class);
    } catch (IOException e) {
      throw new TrainingException(
          "cannot read "
              + checkpoint
              + ": "
              + e.getMessage()
              + ". Remove that folder to resume from the one before.",
          e);
    }
    if (!Hyperparameters.fromJson(found.hyperparameters())
        .equals(Hyperparameters.fromJson(expected.hyperparameters()))) {
      throw new TrainingException(
          checkpoint
              + " was trained with other hyper-parameters: "
              + found.hyperparameters()
              + ". Resume with those, or name another --out.");
    }
    if (!found.corpus().equals(expected.corpus())) {
      throw new TrainingException(
          checkpoint
              + " was trained on another corpus: "
              + found.corpus()
              + ". Resume with that one, or name another --out.");
    }
    if (found.towers() != expected.towers()) {
      throw new TrainingException(
          checkpoint
              + " was trained with another number of towers: "
              + found.towers()
              + ". Resume with --towers "
              + found.towers()
              + ".");
    }
    return found;
  }

  /**
   * Writes a checkpoint and removes those before it.
   *
   * @param save writes the variables under the prefix it is given
   * @throws TrainingException if it cannot be written whole; the one before it stays
   */
  void write(Position position, Consumer<Path> save) {
    Path whole = run.out().resolve("checkpoint-" + position.step());
    Path partial = run.out().resolve(".partial-checkpoint");
    try {
      delete(partial);
      Files.createDirectories(partial);
      save.accept(partial.resolve("variables"));
      MAPPER.writeValue(partial.resolve("position.json").toFile(), position);
      delete(whole);
      Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
      for (Path folder : folders()) {
        if (!folder.equals(whole)) {
          delete(folder);
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a position always fits JSON", e);
    } catch (IOException | TensorFlowException e) {
      throw new TrainingException(
          "cannot write the checkpoint "
              + whole
              + ": "
              + e.getMessage()
              + ". Make room; the checkpoint before it is whole, resume from it.",
          e);
    }
  }

  private List<Path> folders() {
    if (!Files.isDirectory(run.out())) {
      return List.of();
    }
    try (Stream<Path> listed = Files.list(run.out())) {
      return listed.filter(path -> NAME.matcher(path.getFileName().toString()).matches()).toList();
    } catch (IOException e) {
      throw new TrainingException(
          "cannot list " + run.out() + ": " + e.getMessage() + ". Check its permissions.", e);
    }
  }

  private static long step(Path folder) {
    var matcher = NAME.matcher(folder.getFileName().toString());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> inside = Files.walk(folder)) {
        for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
