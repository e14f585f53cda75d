package dev.valence.training;

import dev.valence.model.ModelManifest;
import dev.valence.model.ModelPackager;
import dev.valence.text.TextPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Writes a classifier as a sealed model directory: a clean inference graph with weights in half
 * precision that are widened as they are read, calibration built in. A model card for people lies
 * beside it, {@code assets.extra/model-card.md}.
 */
public final class ModelExporter {
  /**
   * Short and long, plain and mixed: what a change of tokens, weights or padding would score
   * otherwise.
   */
  private static final List<String> GOLDEN_REVIEWS =
      List.of(
          "Wonderful!",
          "I want my two hours back.",
          "The best teacher I ever had: patient, funny, and she never once made us feel stupid.",
          "It's not bad, but it isn't good either.<br /><br />The first half drags; the ending saves it.",
          "The kettle leaked on day one, the replacement leaked on day two, and nobody at the shop cared.",
          "A slow film, I won't deny it. The camera lingers on hands and windows, the dialogue is sparse, and for the first half an hour I "
              + "wondered whether anything would ever happen. Then it does, quietly, and everything that seemed idle before turns out to "
              + "have been necessary. I left the cinema moved, and I have thought about it every day since. 9/10",
          "What a mess. The plot makes no sense, the jokes don't land, and the lead looks as bored as I was. I've seen better acting in a "
              + "school play - and at least there the tickets were free. They spent $80 million on this?! Avoid.",
          "ok",
          "Don't listen to the critics :-) it's a hoot from start to finish.",
          "I expected to love this, given the cast and the reviews, and I really tried. But it is dull, dull, dull.");

  private final String codeRevision;

  /**
   * @param codeRevision what the manifest names as the code that trained the model
   */
  public ModelExporter(String codeRevision) {
    this.codeRevision = codeRevision;
  }

  /**
   * Writes the model, which commits itself to a label for every review.
   *
   * @param name of the model
   * @param version positive
   * @param directory must not exist, or be empty
   * @throws TrainingException if the directory is not empty or cannot be written
   */
  public ModelManifest export(Classifier classifier, String name, long version, Path directory) {
    return export(classifier, name, version, Optional.empty(), directory);
  }

  /**
   * Writes the model.
   *
   * @param name of the model
   * @param version positive
   * @param abstention when it does not commit itself; empty for never
   * @param directory must not exist, or be empty
   * @throws TrainingException if the directory is not empty or cannot be written
   */
  public ModelManifest export(
      Classifier classifier,
      String name,
      long version,
      Optional<Abstention> abstention,
      Path directory) {
    try {
      if (Files.isDirectory(directory)) {
        try (var inside = Files.list(directory)) {
          if (inside.findAny().isPresent()) {
            throw new TrainingException(directory + " is not empty. Name a folder that is.");
          }
        }
      }
      Files.createDirectories(directory);
      writeGraph(classifier, directory);
      TextPipeline pipeline = classifier.pipeline();
      pipeline.save(Files.createDirectories(directory.resolve("assets")));
      Map<String, Double> metrics = new LinkedHashMap<>();
      classifier
          .facts()
          .validation()
          .forEach((figure, value) -> metrics.put("validation_" + figure, value));
      abstention.ifPresent(
          chosen -> {
            metrics.put("validation_coverage", chosen.coverage());
            metrics.put("validation_kept_precision", chosen.precision());
          });
      ModelManifest draft =
          new ModelManifest(
              name,
              version,
              classifier.facts().labels(),
              Instant.now(),
              codeRevision,
              classifier.facts().corpus(),
              metrics,
              new ModelManifest.Calibration(classifier.facts().temperature()),
              abstention.map(Abstention::threshold).orElse(0.0),
              Map.of());
      Files.writeString(
          Files.createDirectories(directory.resolve("assets.extra")).resolve("model-card.md"),
          new ModelCard(classifier, draft).markdown());
      return ModelPackager.seal(directory, draft, GOLDEN_REVIEWS);
    } catch (IOException e) {
      throw new TrainingException(
          "cannot export to "
              + directory
              + ": "
              + e.getMessage()
              + ". Make room, or name another folder.",
          e);
    }
  }

  private static void writeGraph(Classifier classifier, Path directory) throws IOException {
    int layers = classifier.facts().numbers().nl();
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TInt32> tokenIds =
          tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
      Placeholder<TInt32> lengths = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
      Halves halves = new Halves(tf, classifier.parameters());
      List<AwdLstm.Layer> stack = new ArrayList<>();
      for (int i = 0; i < layers; i++) {
        stack.add(
            new AwdLstm.Layer(
                halves.wide(Parameters.lstm(i, "input")),
                halves.wide(Parameters.lstm(i, "hidden")),
                halves.wide(Parameters.lstm(i, "bias"))));
      }
      AwdLstm encoder = new AwdLstm(tf, stack);
      // Rows are widened after they are looked up: widening the whole table would cost more than
      // scoring.
      Operand<TFloat32> embedded =
          tf.dtypes.cast(
              tf.gather(halves.get(Parameters.EMBEDDING), tokenIds, tf.constant(0)),
              TFloat32.class);
      Operand<TFloat32> sequence = encoder.read(embedded, encoder.zeroState(tokenIds)).raw();
      ClassifierHead head =
          new ClassifierHead(
              halves.wide(ClassifierHead.MEAN),
              halves.wide(ClassifierHead.SCALE),
              halves.wide(ClassifierHead.HIDDEN_WEIGHTS),
              halves.wide(ClassifierHead.HIDDEN_BIAS),
              halves.wide(ClassifierHead.LABEL_WEIGHTS),
              halves.wide(ClassifierHead.LABEL_BIAS));
      Operand<TFloat32> logits =
          head.logits(tf, ClassifierHead.pool(tf, sequence, lengths), Dropouts.none());
      Operand<TFloat32> calibrated =
          tf.math.div(logits, tf.constant((float) classifier.facts().temperature()));
      Signature signature =
          Signature.builder("serving_default")
              .input("token_ids", tokenIds)
              .input("lengths", lengths)
              .output("logits", logits)
              .output("probabilities", tf.nn.softmax(calibrated))
              .build();
      try (Session session = new Session(graph)) {
        halves.assign(session);
        SavedModelBundle.exporter(directory.toString())
            .withSession(session)
            .withSignature(signature)
            .export();
      }
    }
  }

  /** Variables in half precision. */
  private static final class Halves {
    private final Ops tf;
    private final Parameters parameters;
    private final Placeholder<TFloat32> value;
    private final Map<String, Variable<TFloat16>> variables = new LinkedHashMap<>();
    private final Map<String, Op> assignments = new LinkedHashMap<>();

    Halves(Ops tf, Parameters parameters) {
      this.tf = tf;
      this.parameters = parameters;
      this.value = tf.placeholder(TFloat32.class);
      parameters
          .byName()
          .forEach(
              (name, array) -> {
                Variable<TFloat16> variable =
                    tf.withName(name).variable(Shape.of(array.shape()), TFloat16.class);
                variables.put(name, variable);
                assignments.put(name, tf.assign(variable, tf.dtypes.cast(value, TFloat16.class)));
              });
    }

    Operand<TFloat16> get(String name) {
      return variables.get(name);
    }

    Operand<TFloat32> wide(String name) {
      return tf.dtypes.cast(get(name), TFloat32.class);
    }

    void assign(Session session) {
      parameters
          .byName()
          .forEach(
              (name, array) -> {
                try (TFloat32 tensor =
                    TFloat32.tensorOf(
                        Shape.of(array.shape()), DataBuffers.of(array.values(), true, false))) {
                  session
                      .runner()
                      .feed(value, tensor)
                      .addTarget(assignments.get(name))
                      .run()
                      .close();
                }
              });
    }
  }
}
