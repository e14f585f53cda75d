package dev.valence.cli;

import dev.valence.schema.ReviewLabel;
import dev.valence.stream.FormatKeys;
import dev.valence.stream.TopicKeys;
import dev.valence.stream.ValenceConfig;
import dev.valence.stream.format.RecordFormat;
import dev.valence.stream.format.ReviewFormat;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which topics {@code --from-topics} means. */
final class TopicOptions {
  /** All of them; they say nothing without {@code --from-topics}. */
  private static final List<String> NAMES =
      List.of(
          "--stream-config",
          "--bootstrap-server",
          "--reviews-topic",
          "--labels-topic",
          "--format",
          "--schema-registry");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--stream-config",
      paramLabel = "F",
      description =
          "Properties file of 'valence stream': brokers, topic, format and JSON fields of the"
              + " reviews are read from it, for --from-topics.")
  private Path config;

  @Option(
      names = "--bootstrap-server",
      paramLabel = "B",
      description =
          "Where Kafka is, for --from-topics. Default: what --stream-config says, else"
              + " localhost:9092.")
  private String brokers;

  @Option(
      names = "--reviews-topic",
      paramLabel = "T",
      description = "Topic of the reviews. Default: what --stream-config says, else reviews.")
  private String reviews;

  @Option(
      names = "--labels-topic",
      paramLabel = "T",
      defaultValue = LabelTopic.DEFAULT,
      description =
          "Topic of the corrections that 'valence correct' writes. Default: ${DEFAULT-VALUE}.")
  private String labels;

  @Option(
      names = "--format",
      paramLabel = "F",
      completionCandidates = ProduceCommand.Formats.class,
      description =
          "Format of the reviews: ${COMPLETION-CANDIDATES}. Default: what --stream-config says,"
              + " else avro. Corrections are read in any format.")
  private String format;

  @Option(
      names = "--schema-registry",
      paramLabel = "URL",
      description = "Where the schema registry of the format avro-registry is.")
  private String registry;

  /**
   * @throws BadUsage if one of the options is given
   */
  void requireNone() {
    for (String name : NAMES) {
      if (spec.commandLine().getParseResult().hasMatchedOption(name)) {
        throw new BadUsage(spec, name + " goes with --from-topics");
      }
    }
  }

  /**
   * Reads the topics as they are now.
   *
   * @param bySubject whether the reviews of one subject are a group
   * @param remarks takes a line for whatever a person should know
   * @throws CommandFailedException if a topic cannot be read, or holds nothing of use
   */
  TopicCorpus.Read read(TopicCorpus.Use use, boolean bySubject, Consumer<String> remarks) {
    ValenceConfig settings = settings();
    Map<String, Object> consumer = settings.kafka().reader("train");
    ClientLog clientLog = new ClientLog();
    clientLog.mute();
    try (ReviewFormat reviewFormat = settings.inputFormat();
        RecordFormat<ReviewLabel> labelFormat =
            RecordFormat.labels(RecordFormat.AVRO, settings.registry(), labels);
        TopicContents reviewed =
            TopicContents.open(
                consumer,
                settings.reviewsTopic(),
                "Name the topic of the reviews with --reviews-topic.");
        TopicContents labelled =
            use == TopicCorpus.Use.TEXTS
                ? null
                : TopicContents.open(
                    consumer,
                    labels,
                    "Put corrections there with 'valence correct', or name another with"
                        + " --labels-topic.")) {
      return new TopicCorpus(reviewFormat, labelFormat, bySubject, remarks)
          .read(reviewed, labelled, use);
    } finally {
      clientLog.unmute();
    }
  }

  private ValenceConfig settings() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("kafka.bootstrap.servers", brokers);
    options.put(TopicKeys.TOPIC_REVIEWS_CONFIG, reviews);
    options.put(FormatKeys.INPUT_FORMAT_CONFIG, format);
    options.put(FormatKeys.SCHEMA_REGISTRY_URL_CONFIG, registry);
    try {
      return new StreamConfigFile(config).with(options);
    } catch (ConfigException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
