package dev.valence.cli;

import dev.valence.stream.ConfigReference;
import dev.valence.stream.MetricsReference;
import dev.valence.stream.ScoringKeys;
import dev.valence.stream.SentimentStream;
import dev.valence.stream.StreamFailedException;
import dev.valence.stream.StreamStartException;
import dev.valence.stream.ValenceConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code valence stream}: the processor, until Ctrl-C. */
@Command(
    name = "stream",
    description =
        "Scores the reviews of one topic into another, on any Kafka, until Ctrl-C. Without a model"
            + " repository it takes the model that comes with Valence.")
final class StreamCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "F",
      description = "Properties file with valence.* and kafka.* keys.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set one key; it wins over the file. May be given more than once.")
  private Map<String, String> set = new LinkedHashMap<>();

  @Option(
      names = "--list-keys",
      description = "Print all configuration keys as a Markdown table, and end.")
  private boolean listKeys;

  @Option(
      names = "--list-metrics",
      description = "Print all of Valence's metrics as a Markdown table, and end.")
  private boolean listMetrics;

  @Override
  public Integer call()
      throws IOException, StreamStartException, StreamFailedException, InterruptedException {
    if (listKeys) {
      spec.commandLine().getOut().print(new ConfigReference().markdown());
      return 0;
    }
    if (listMetrics) {
      spec.commandLine().getOut().print(new MetricsReference().markdown());
      return 0;
    }
    ValenceConfig settings = settings();
    PrintWriter err = spec.commandLine().getErr();
    try (SentimentStream stream = start(settings)) {
      Runtime.getRuntime().addShutdownHook(new Thread(stream::close, "stop-stream"));
      err.printf(
          "scoring %s into %s at %s with model %s version %d; status at http://%s:%d; Ctrl-C stops%n",
          settings.reviewsTopic(),
          settings.sentimentsTopic(),
          String.join(",", settings.kafka().bootstrapServers()),
          stream.model().modelName(),
          stream.model().version(),
          settings.httpHost(),
          stream.httpAddress().getPort());
      stream.awaitEnd();
    }
    return 0;
  }

  private static SentimentStream start(ValenceConfig settings) throws StreamStartException {
    ClientLog clientLog = new ClientLog();
    clientLog.mute();
    try {
      return SentimentStream.start(settings);
    } finally {
      clientLog.unmute();
    }
  }

  private ValenceConfig settings() throws IOException {
    Map<String, String> keys = new LinkedHashMap<>();
    if (config != null) {
      keys.putAll(new PropertiesFile(config).read());
    }
    keys.putAll(set);
    if (!keys.containsKey(ScoringKeys.MODEL_REPOSITORY_CONFIG)) {
      keys.put(ScoringKeys.MODEL_REPOSITORY_CONFIG, new BundledModel().repository().toString());
    }
    try {
      return new ValenceConfig(keys);
    } catch (ConfigException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
