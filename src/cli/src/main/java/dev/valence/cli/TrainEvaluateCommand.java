package dev.valence.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.model.Precision;
import dev.valence.model.SentimentModel;
import dev.valence.training.Corpus;
import dev.valence.training.ModelEvaluation;
import dev.valence.training.ModelEvaluator;
import dev.valence.training.SoftLabels;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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

  @ArgGroup(multiplicity = "0..1")
  private Judge judge = new Judge();

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
          "Evaluate on the part that training with the same --validation and --group-column holds"
              + " out, instead of all.")
  private boolean heldOut;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** Whose judgements are measured. */
  private static final class Judge {
    @Option(
        names = "--model",
        paramLabel = "DIR",
        description = "Folder of the model (default: the bundled one).")
    private Path model;

    @Option(
        names = "--soft-labels",
        paramLabel = "FILE",
        description =
            "What 'valence train label --held-out' wrote, instead of a model; of several files the"
                + " geometric mean.")
    private List<Path> softLabels;
  }

  @Override
  public Integer call() throws JsonProcessingException {
    String half = split != null ? split : heldOut ? "train" : "test";
    Corpus all = source.read(half);
    ModelEvaluator evaluator = new ModelEvaluator(TrainCommand.progress());
    if (judge.softLabels != null) {
      List<String> labels = (heldOut ? all.training(source.validation()) : all).labels();
      SoftLabels read = SoftLabels.read(judge.softLabels, labels);
      print(
          evaluator.evaluate(read, judged(evaluator, all, labels)), labels, new LinkedHashMap<>());
      return 0;
    }
    Path directory = new ModelChoice().directory(judge.model);
    try (SentimentModel loaded = SentimentModel.load(directory, precision, List.of())) {
      if (heldOut) {
        source.compareWithTraining(all, loaded.manifest().trainingDataDigest());
      }
      print(
          evaluator.evaluate(loaded, judged(evaluator, all, loaded.labels())),
          loaded.labels(),
          facts(loaded));
    }
    return 0;
  }

  private Corpus judged(ModelEvaluator evaluator, Corpus all, List<String> labels) {
    return heldOut ? evaluator.heldOut(all, source.validation(), labels) : all;
  }

  /**
   * @param facts that stand before the figures
   */
  private void print(ModelEvaluation evaluation, List<String> labels, Map<String, Object> facts)
      throws JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      facts.put("reviews", evaluation.overall().reviews());
      facts.putAll(evaluation.figures());
      facts.put("labels", labels);
      facts.put("confusion", evaluation.overall().confusion());
      facts.put("byLength", evaluation.byLength());
      facts.put("byConfidence", evaluation.byConfidence());
      out.println(new ObjectMapper().writeValueAsString(facts));
    } else {
      new EvaluationTable(out, labels).print(evaluation);
    }
    out.flush();
  }

  private static Map<String, Object> facts(SentimentModel model) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("modelName", model.manifest().modelName());
    facts.put("modelVersion", model.manifest().version());
    facts.put("precision", model.precision().toString());
    return facts;
  }
}
