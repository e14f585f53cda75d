package dev.valence.cli;

import dev.valence.model.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence broker}: a Kafka node on the loopback interface, until Ctrl-C. */
@Command(
    name = "broker",
    description = "Runs a single-node Kafka on this machine, for development, until Ctrl-C.")
final class BrokerCommand implements Callable<Integer> {
  /** The line on stderr that says the node serves clients: this, then host:port and a comma. */
  static final String READY = "broker ready on ";

  /** How long the end of the process waits for a start that is under way. */
  private static final int STOP_SECONDS = 30;

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "P",
      defaultValue = "9092",
      description = "Port to listen on; 0 takes any free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--data-dir",
      paramLabel = "D",
      description =
          "Directory that keeps the data for the next run. Default: a temporary one, removed at the"
              + " end.")
  private Path dataDirectory;

  /** Ties the broker to the process that started it, however that one ends. */
  @Option(names = "--until-stdin-closes", hidden = true)
  private boolean untilStdinCloses;

  /** A JVM that ends lets nobody add shutdown hooks, so that Kafka's classes may fail to load. */
  private volatile boolean stopping;

  @Override
  public Integer call() throws IOException {
    BadUsage.requireFromTo(0, 65_535, spec, "--port", port);
    if (System.getenv(ClientLog.LOG_LEVEL_VARIABLE) == null) {
      // A lone node warns about much that is as it should be.
      Configurator.setRootLevel(Level.ERROR);
    }
    DataDirectory data =
        dataDirectory == null ? DataDirectory.createTemporary() : DataDirectory.kept(dataDirectory);
    CompletableFuture<EmbeddedBroker> started = new CompletableFuture<>();
    // Before the start, which takes seconds: nothing of it stays either.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started, data), "stop-broker"));
    EmbeddedBroker broker = start(data, started);
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        READY
            + broker.bootstrapServer()
            + ", data in "
            + data.path()
            + (data.temporary() ? " (removed at the end)" : ""));
    if (untilStdinCloses) {
      System.in.transferTo(OutputStream.nullOutputStream());
    } else {
      broker.awaitShutdown();
    }
    return 0;
  }

  private EmbeddedBroker start(DataDirectory data, CompletableFuture<EmbeddedBroker> started)
      throws IOException {
    try {
      EmbeddedBroker broker = EmbeddedBroker.start(port, data.path());
      started.complete(broker);
      return broker;
    } catch (IOException | RuntimeException | Error e) {
      started.complete(null);
      data.close();
      if (stopping) {
        throw new CommandFailedException("stopped while it started.", e);
      }
      throw e;
    }
  }

  private void stop(CompletableFuture<EmbeddedBroker> started, DataDirectory data) {
    stopping = true;
    EmbeddedBroker broker = started.completeOnTimeout(null, STOP_SECONDS, TimeUnit.SECONDS).join();
    if (broker != null) {
      broker.close();
    }
    try {
      data.close();
    } catch (IOException e) {
      System.err.println(
          "valence broker: cannot remove " + data.path() + ": " + Reason.of(e, data.path()));
    }
  }
}
