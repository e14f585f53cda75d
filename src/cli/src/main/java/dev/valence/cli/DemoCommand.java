package dev.valence.cli;

import dev.valence.model.ModelManifest;
import dev.valence.model.ModelRepository;
import dev.valence.stream.ScoringKeys;
import dev.valence.stream.SentimentStream;
import dev.valence.stream.ServiceKeys;
import dev.valence.stream.StreamFailedException;
import dev.valence.stream.StreamStartException;
import dev.valence.stream.TopicKeys;
import dev.valence.stream.ValenceConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence demo}: the whole way of a review, on this machine alone. */
@Command(
    name = "demo",
    description =
        "Shows Valence at work: starts a Kafka of its own, puts sample reviews onto a topic, scores"
            + " them and prints the scores. Nothing of it stays.")
final class DemoCommand implements Callable<Integer> {
  private static final int PORT = 8650;

  @Spec private CommandSpec spec;

  @Option(
      names = "--records",
      paramLabel = "N",
      description = "End after so many reviews. Default: two a second until Ctrl-C.")
  private Long records;

  @Option(
      names = "--model-repository",
      paramLabel = "DIR",
      description = "Directory of model versions. Default: the model that comes with Valence.")
  private Path repository;

  @Override
  public Integer call()
      throws IOException, StreamStartException, StreamFailedException, InterruptedException {
    BadUsage.requireAtLeast(1, spec, "--records", records);
    Path models = models();
    PrintWriter err = spec.commandLine().getErr();
    err.println("starting a Kafka broker and a processor ...");
    try (Interruption interruption = new Interruption();
        BrokerProcess broker = BrokerProcess.start(err)) {
      ValenceConfig config = config(broker.brokers(), models);
      try (SentimentStream stream = SentimentStream.start(config)) {
        describe(stream, err);
        run(broker, stream, config, interruption);
      }
    }
    err.println(
        "Next: 'valence broker' and 'valence stream' keep running; 'valence produce FILE' sends your"
            + " own reviews, 'valence tail' shows their scores.");
    return 0;
  }

  private Path models() {
    Path models = new ModelChoice().repository(repository);
    if (new ModelRepository(models).versions().isEmpty()) {
      throw new CommandFailedException(
          "no model in %s. Publish one there with 'valence model publish', or leave --model-repository out."
              .formatted(models));
    }
    return models;
  }

  private void run(
      BrokerProcess broker, SentimentStream stream, ValenceConfig config, Interruption interruption)
      throws IOException, StreamFailedException, InterruptedException {
    BooleanSupplier stop =
        () ->
            interruption.getAsBoolean()
                || !broker.isAlive()
                || stream.state().hasStartedOrFinishedShuttingDown();
    PrintWriter out = spec.commandLine().getOut();
    try (ReviewPublisher publisher =
            new ReviewPublisher(broker.brokers(), config.reviewsTopic(), config.inputFormat());
        SentimentTail tail = SentimentTail.open(broker.brokers(), config.sentimentsTopic(), true)) {
      DemoRun run = new DemoRun(publisher, tail, out);
      run.awaitProcessor(stream::isReady, stop);
      long started = System.nanoTime();
      long scored = run.run(records, stop);
      summarise(scored, (System.nanoTime() - started) / 1e9);
    }
    if (!broker.isAlive()) {
      throw new CommandFailedException("the demo's Kafka broker ended by itself.");
    }
    if (stream.state().hasStartedOrFinishedShuttingDown()) {
      stream.awaitEnd();
    }
  }

  private void summarise(long scored, double seconds) {
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "%,d reviews scored in %.1f s (%,.0f a second).%n",
            scored,
            seconds,
            scored / seconds);
  }

  private void describe(SentimentStream stream, PrintWriter err) {
    ModelManifest model = stream.model();
    err.printf(
        "model %s version %d; watch it at http://127.0.0.1:%d%s%n",
        model.modelName(),
        model.version(),
        stream.httpAddress().getPort(),
        records == null ? "; Ctrl-C stops" : "");
  }

  private ValenceConfig config(Brokers brokers, Path models) {
    return new ValenceConfig(
        Map.of(
            "kafka.bootstrap.servers",
            brokers.address(),
            ScoringKeys.MODEL_REPOSITORY_CONFIG,
            models.toString(),
            // Somebody has time to look at the page.
            TopicKeys.TRENDS_ENABLED_CONFIG,
            Boolean.toString(records == null),
            TopicKeys.TRENDS_WINDOW_MS_CONFIG,
            "10000",
            ServiceKeys.HTTP_PORT_CONFIG,
            Integer.toString(port())));
  }

  /** The usual one, so that people find the page; any other while something else listens there. */
  private static int port() {
    try (ServerSocket usual = new ServerSocket()) {
      usual.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT));
      return PORT;
    } catch (IOException e) {
      return 0;
    }
  }
}
