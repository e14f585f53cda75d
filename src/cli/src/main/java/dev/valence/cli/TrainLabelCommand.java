package dev.valence.cli;

import dev.valence.model.SentimentModel;
import dev.valence.training.Classifier;
import dev.valence.training.Corpus;
import dev.valence.training.Device;
import dev.valence.training.Evaluation;
import dev.valence.training.Judged;
import dev.valence.training.Labeller;
import dev.valence.training.LinearTeacher;
import dev.valence.training.SoftLabels;
import dev.valence.training.VectorTeacher;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence train label}. */
@Command(
    name = "label",
    description =
        "Let a model judge the reviews that have no label, for 'valence train classifier"
            + " --soft-labels' to learn from. Reviews held out for validation are left out.")
final class TrainLabelCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CorpusOptions source;
  @Mixin private DeviceOptions device;

  @ArgGroup(multiplicity = "0..1")
  private Teacher teacher = new Teacher();

  @ArgGroup(multiplicity = "0..1")
  private Reviews which = new Reviews();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "File to write: JSON Lines with id and probabilities.")
  private Path out;

  /** Who judges. */
  private static final class Teacher {
    @Option(
        names = "--model",
        paramLabel = "DIR",
        description = "Folder of the model that teaches (default: the bundled one).")
    private Path model;

    @Option(
        names = "--classifier",
        paramLabel = "DIR",
        description =
            "Folder of a trained classifier that teaches, without being exported; --device and"
                + " --towers say where.")
    private Path classifier;

    @Option(
        names = "--linear",
        description =
            "A linear model of the words and word pairs and triples teaches: it learns first, from"
                + " the labelled reviews that are not held out.")
    private boolean linear;

    @Option(
        names = "--vectors",
        description =
            "A linear model of vectors of the reviews teaches: the vectors are learned first, from"
                + " all reviews, judged or not.")
    private boolean vectors;
  }

  /** What is judged. */
  private static final class Reviews {
    @Option(
        names = "--held-out",
        description =
            "Judge the labelled reviews that training with the same --validation and --group-column"
                + " holds out instead, for 'valence train evaluate --soft-labels' to compare teachers"
                + " by.")
    private boolean heldOut;

    @Option(
        names = "--halves",
        description =
            "Judge both halves of each long review, too: they are further texts to learn from.")
    private boolean halves;

    Corpus of(Corpus training, Corpus validation) {
      if (heldOut) {
        return validation.labelled();
      }
      return halves ? training.unlabelled().withHalves() : training.unlabelled();
    }
  }

  @Override
  public Integer call() {
    requireFolder();
    if (teacher.classifier == null) {
      device.requireNone("a teacher that is no --classifier");
    }
    Corpus all = source.read("train");
    Corpus training = all.training(source.validation());
    Corpus validation = all.validation(source.validation());
    Corpus reviews = which.of(training, validation);
    SoftLabels labels;
    if (teacher.linear) {
      labels =
          told(new LinearTeacher(TrainCommand.progress()).judge(training, validation, reviews));
    } else if (teacher.vectors) {
      labels =
          told(new VectorTeacher(TrainCommand.progress()).judge(training, validation, reviews));
    } else if (teacher.classifier != null) {
      labels = classified(all, reviews);
    } else {
      labels = modelled(all, reviews);
    }
    labels.write(out);
    print("%,d soft labels in %s", labels.byId().size(), out);
    return 0;
  }

  /** Judging takes minutes or hours: what cannot be written is refused before. */
  private void requireFolder() {
    Path folder = out.toAbsolutePath().getParent();
    if (Files.isDirectory(out) || folder == null || !Files.isWritable(folder)) {
      throw BadUsage.of(
          spec, "--out", out + " cannot be written; name a file in a folder that can");
    }
  }

  private SoftLabels told(Judged judged) {
    Evaluation held = judged.heldOut();
    print(
        "this teacher: accuracy %.2f %%, log loss %.4f on %,d held-out reviews",
        100 * held.accuracy(), held.logLoss(), held.reviews());
    return judged.softLabels();
  }

  private SoftLabels modelled(Corpus all, Corpus reviews) {
    try (SentimentModel model = SentimentModel.load(new ModelChoice().directory(teacher.model))) {
      if (which.heldOut) {
        source.compareWithTraining(all, model.manifest().trainingDataDigest());
      }
      return new Labeller(TrainCommand.progress()).label(model, reviews);
    }
  }

  private SoftLabels classified(Corpus all, Corpus reviews) {
    Classifier classifier = Classifier.read(teacher.classifier);
    if (which.heldOut) {
      source.compareWithTraining(all, classifier.facts().corpus());
    }
    Device found = device.find(TrainCommand.progress());
    return new Labeller(TrainCommand.progress())
        .label(classifier, reviews, device.towers(found), found);
  }

  private void print(String format, Object... values) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(String.format(Locale.ROOT, format, values));
    err.flush();
  }
}
