package dev.valence.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.model.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * The checkpoints of one run, {@code checkpoint-<step>/} each. One becomes visible only when it is
 * whole, by a rename. The one before it is kept until then, so that a full disk or a kill costs the
 * steps since, never the run; and until the step after it was good, since only the next loss tells
 * whether the weights of a step are.
 */
final class Checkpoints {
  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d+)");
  private static final String REPLACED = ".replaced-checkpoint";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What may change when a run goes on: what helps one that diverged, and how it computes. */
  private static final Set<String> FREE = Set.of("lr", "frozen_lr", "clip", "products");

  private final TrainingRun run;
  private boolean doubted;

  /** Step whose weights gave a loss on the validation reviews; -1 for none yet. */
  private long validated = -1;

  private long saved = System.nanoTime();
  private long savedStep;

  Checkpoints(TrainingRun run) {
    this.run = run;
  }

  /**
   * Goes back to the newest checkpoint, if there is one.
   *
   * @param fresh where a new run starts
   * @param epochs after which it ends
   * @param restore reads the variables under the prefix it is given
   * @return where the run stands
   * @throws TrainingException if the checkpoint cannot be read, is of another corpus, vocabulary or
   *     start, of other hyper-parameters (learning rates and clipping apart, unless the run has
   *     ended) or of another number of towers
   */
  RunPosition resume(RunPosition fresh, double epochs, Consumer<Path> restore) {
    recoverReplaced();
    Optional<Path> newest = newest();
    if (newest.isEmpty()) {
      return fresh;
    }
    RunPosition position = position(newest.get(), fresh);
    Hyperparameters now = Hyperparameters.fromJson(fresh.hyperparameters());
    Hyperparameters before = Hyperparameters.fromJson(position.hyperparameters());
    boolean changed = !before.equals(now);
    if (changed && position.epoch() >= epochs) {
      throw ended(before, now);
    }
    try {
      restore.accept(newest.get().resolve("variables"));
    } catch (TensorFlowException e) {
      throw unreadable(newest.get(), e);
    }
    run.progress().line("resuming from " + newest.get());
    if (changed) {
      run.progress().line("from now on with " + now.toJson());
    }
    doubted = true;
    savedStep = position.step();
    if (position.stepInEpoch() == 0) {
      validated = position.step();
    }
    return fresh
        .at(position.step(), position.epoch(), position.stepInEpoch(), position.smoothedLoss())
        .startingAt(position.startAccuracy());
  }

  /**
   * A kill between the two renames of {@link #save} left the checkpoint that was to be replaced.
   */
  private void recoverReplaced() {
    Path replaced = run.out().resolve(REPLACED);
    Path position = replaced.resolve("position.json");
    if (!Files.exists(position)) {
      return;
    }
    try {
      Path whole = folder(MAPPER.readValue(position.toFile(), RunPosition.class).step());
      if (Files.exists(whole)) {
        StagedFiles.delete(replaced);
      } else {
        Files.move(replaced, whole, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new TrainingException(
          "cannot put "
              + replaced
              + " back: "
              + Reason.of(e)
              + ". Check its permissions, or remove it.",
          e);
    }
  }

  private Path folder(long step) {
    return run.out().resolve("checkpoint-" + step);
  }

  private TrainingException ended(Hyperparameters before, Hyperparameters now) {
    Map<String, String> others = before.byName();
    others.entrySet().removeAll(now.byName().entrySet());
    return new TrainingException(
        "the run in "
            + run.out()
            + " has ended, with "
            + others
            + ": nothing would be learned with other numbers. Name another --out.");
  }

  /**
   * Ends a good step: writes a checkpoint when one is due or the run is to stop.
   *
   * @param position after a step whose loss was a number
   * @param save writes the variables under the prefix it is given
   * @return whether the run is to stop
   */
  boolean stopAfter(RunPosition position, Consumer<Path> save) {
    removeAllButNewest();
    boolean stop = run.stop().getAsBoolean();
    if (stop || System.nanoTime() - saved > run.checkpointEvery().toNanos()) {
      save(position, save);
    }
    if (stop) {
      run.progress()
          .line("stopped after step " + position.step() + ": the same command goes on from there");
    }
    return stop;
  }

  /**
   * What to throw when the loss of a step is no number. A checkpoint of the step before holds the
   * very weights that gave it, so it goes, unless validation found them good and there is no other.
   */
  TrainingException diverged(long step, double loss) {
    String wayOut =
        newest()
            .filter(newest -> step(newest) == step - 1)
            .flatMap(this::withoutWeights)
            .or(
                () ->
                    newest()
                        .map(good -> good + " is good: lower lr, frozen_lr or clip, and resume."))
            .orElse("Lower lr, frozen_lr or clip, and start again.");
    return new TrainingException(
        "the loss is no number at step " + step + ": " + loss + ". " + wayOut);
  }

  /**
   * Removes the newest checkpoint, whose weights gave no loss.
   *
   * @return what to do if it stays
   */
  private Optional<String> withoutWeights(Path newest) {
    if (folders().size() > 1 || step(newest) != validated) {
      remove(newest);
      return Optional.empty();
    }
    return Optional.of(
        newest
            + " stays, since validation found it good: resume with --set products=float32 if it"
            + " was not, or lower lr, frozen_lr or clip and name another --out.");
  }

  /** The newest is good once a step was made from it; then those before it are needed no more. */
  private void removeAllButNewest() {
    if (doubted) {
      List<Path> folders = folders();
      Optional<Path> newest = newest();
      folders.stream().filter(folder -> !folder.equals(newest.orElse(null))).forEach(this::remove);
      doubted = false;
    }
  }

  private void remove(Path checkpoint) {
    try {
      StagedFiles.delete(checkpoint);
    } catch (IOException e) {
      throw new TrainingException(
          "cannot remove " + checkpoint + ": " + Reason.of(e) + ". Check its permissions.", e);
    }
  }

  /** The newest whole checkpoint's folder. */
  Optional<Path> newest() {
    return folders().stream().max(Comparator.comparingLong(Checkpoints::step));
  }

  private static RunPosition position(Path checkpoint, RunPosition expected) {
    RunPosition found;
    try {
      found = MAPPER.readValue(checkpoint.resolve("position.json").toFile(), RunPosition.class);
    } catch (IOException e) {
      throw unreadable(checkpoint, e);
    }
    if (!fixed(found).equals(fixed(expected))) {
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
              + ". Resume with that one, or name another --out, as also where an older Valence began"
              + " the run, which held out other reviews of those without ids.");
    }
    if (found.vocabulary() != null && !found.vocabulary().equals(expected.vocabulary())) {
      throw new TrainingException(
          checkpoint
              + " was trained with another vocabulary than that of the model to start from. Name the"
              + " model that it began with, or another --out.");
    }
    if (found.start() != null && !found.start().equals(expected.start())) {
      throw new TrainingException(
          checkpoint
              + " was trained from other weights than those of the model to start from. Name the"
              + " model that it began with, or another --out.");
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

  private static TrainingException unreadable(Path checkpoint, Exception e) {
    String reason = Reason.of(e).lines().findFirst().orElse("no reason given");
    return new TrainingException(
        "cannot read "
            + checkpoint
            + ": "
            + reason
            + ". Remove that folder to resume from the one before.",
        e);
  }

  private static Map<String, String> fixed(RunPosition position) {
    Map<String, String> numbers = Hyperparameters.fromJson(position.hyperparameters()).byName();
    numbers.keySet().removeAll(FREE);
    return numbers;
  }

  /**
   * Writes a checkpoint of what validation is to judge: that may take longer than a run has that is
   * told to stop.
   *
   * @param save writes the variables under the prefix it is given
   * @throws TrainingException if it cannot be written whole; the one before it stays
   */
  void beforeValidation(RunPosition position, Consumer<Path> save) {
    if (position.step() != savedStep) {
      save(position, save);
    }
  }

  /**
   * Writes a checkpoint at the end of an epoch, of weights that validation has found good. The one
   * before it stays all the same: the first step of the next epoch may still have no loss.
   *
   * @param save writes the variables under the prefix it is given
   * @throws TrainingException if it cannot be written whole; the one before it stays
   */
  void write(RunPosition position, Consumer<Path> save) {
    save(position, save);
    validated = position.step();
  }

  /** Ends a run, which makes no more steps: its last checkpoint is all that is needed. */
  void finish() {
    removeAllButNewest();
  }

  private void save(RunPosition position, Consumer<Path> save) {
    Path whole = folder(position.step());
    Path partial = run.out().resolve(".partial-checkpoint");
    try {
      StagedFiles.delete(partial);
      Files.createDirectories(partial);
      try {
        save.accept(partial.resolve("variables"));
        MAPPER.writeValue(partial.resolve("position.json").toFile(), position);
        // The end of an epoch may write the same step again: never half of either is there.
        Path before = run.out().resolve(REPLACED);
        StagedFiles.delete(before);
        if (Files.exists(whole)) {
          Files.move(whole, before, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
        StagedFiles.delete(before);
      } finally {
        StagedFiles.delete(partial);
      }
      doubted = true;
      saved = System.nanoTime();
      savedStep = position.step();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a position always fits JSON", e);
    } catch (IOException | TensorFlowException e) {
      throw new TrainingException(
          "cannot write the checkpoint "
              + whole
              + ": "
              + Reason.of(e).lines().findFirst().orElse("no reason given")
              + newest()
                  .map(good -> ". Make room and resume; " + good + " is whole.")
                  .orElse(". Make room and start again."),
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
          "cannot list " + run.out() + ": " + Reason.of(e, run.out()) + ". Check its permissions.",
          e);
    }
  }

  private static long step(Path folder) {
    var matcher = NAME.matcher(folder.getFileName().toString());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }
}
