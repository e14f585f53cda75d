package dev.valence.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.model.Precision;
import dev.valence.model.SentimentModel;
import dev.valence.training.Corpus;
import dev.valence.training.ModelEvaluation;
import dev.valence.training.ModelEvaluator;
import dev.valence.training.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence train evaluate}. */
@Command(name = "evaluate", description = "Measure a model on labelled reviews.")
final class TrainEvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CorpusOptions source;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of the model (default: the bundled one).")
  private Path model;

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "auto",
      description =
          "How the model computes: fp32, int8, or auto, what is fastest here (default:"
              + " ${DEFAULT-VALUE}).")
  private Precision precision;

  @Option(
      names = "--split",
      paramLabel = "HALF",
      description =
          "Half of an aclImdb directory, train or test (default: test, or train with --held-out).")
  private String split;

  @Option(
      names = "--held-out",
      description =
          "Evaluate on the part that training with the same --validation holds out, instead of all.")
  private boolean heldOut;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    String half = split != null ? split : heldOut ? "train" : "test";
    Corpus all = source.read(half);
    Corpus corpus = heldOut ? all.validation(source.validation()) : all;
    Path directory = new ModelChoice().directory(model);
    try (SentimentModel loaded = SentimentModel.load(directory, 1, precision, List.of())) {
      ModelEvaluator evaluator =
          new ModelEvaluator(new Progress(System.err, System.console() != null));
      ModelEvaluation evaluation = evaluator.evaluate(loaded, corpus);
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(new ObjectMapper().writeValueAsString(object(loaded, evaluation)));
      } else {
        new EvaluationTable(out, loaded.labels()).print(evaluation);
      }
      out.flush();
    }
    return 0;
  }

  private static Map<String, Object> object(SentimentModel model, ModelEvaluation evaluation) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("modelName", model.manifest().modelName());
    object.put("modelVersion", model.manifest().version());
    object.put("precision", model.precision().toString());
    object.put("reviews", evaluation.overall().reviews());
    object.putAll(evaluation.figures());
    object.put("labels", model.labels());
    object.put("confusion", evaluation.overall().confusion());
    object.put("byLength", evaluation.byLength());
    object.put("byConfidence", evaluation.byConfidence());
    return object;
  }
}
