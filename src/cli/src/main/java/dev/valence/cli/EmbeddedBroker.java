package dev.valence.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.metadata.storage.FormatterException;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A single Kafka node, broker and controller in one, that listens on the loopback interface only.
 * For development and demonstration: one replica of everything. A fatal fault of the node halts the
 * JVM, so whoever needs to outlive it runs it in a process of its own ({@link BrokerProcess}).
 */
final class EmbeddedBroker implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int NODE_ID = 1;
  private static final String CONTROLLER = "CONTROLLER";

  /** Enough for a review of 10 MB, which the processor truncates, and its envelope. */
  private static final int MAX_RECORD_BYTES = 16 << 20;

  private final int port;
  private final KafkaRaftServer server;

  private EmbeddedBroker(int port, KafkaRaftServer server) {
    this.port = port;
    this.server = server;
  }

  /**
   * Starts a node and waits until it serves clients.
   *
   * @param port 1 to 65535, or 0 for any free port
   * @param dataDirectory an existing directory: empty, or left by an earlier node
   * @throws CommandFailedException when the port is taken, the directory holds something else, or
   *     the node does not start
   */
  static EmbeddedBroker start(int port, Path dataDirectory) throws IOException {
    return start(port, dataDirectory, Map.of());
  }

  /**
   * The same, otherwise configured.
   *
   * @param more settings of the node that win over those of a development node
   */
  static EmbeddedBroker start(int port, Path dataDirectory, Map<String, String> more)
      throws IOException {
    Path directory = dataDirectory.toAbsolutePath();
    Path properties = directory.resolve("meta.properties");
    boolean formatted = Files.exists(properties);
    if (formatted) {
      refuseWhenInUse(directory);
      if (Files.size(properties) == 0) {
        // A full disk left this when the directory was to be formatted: no node had data in it.
        empty(directory);
        formatted = false;
      }
    } else if (!isEmpty(directory)) {
      throw new CommandFailedException(
          "not a broker's data directory: "
              + directory
              + " holds other files. Name an empty or a new directory.");
    }
    int brokerPort = freePort(port);
    Map<String, String> settings = settings(brokerPort, freePort(0), directory);
    settings.putAll(more);
    KafkaConfig config = new KafkaConfig(settings);
    try {
      if (!formatted) {
        format(directory);
      }
      KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
      server.startup();
      return new EmbeddedBroker(brokerPort, server);
    } catch (RuntimeException e) {
      throw new CommandFailedException(
          "the broker does not start with its data in %s: %s. Look whether its disk is full."
              .formatted(directory, e.getMessage()),
          e);
    }
  }

  private static void empty(Path directory) throws IOException {
    List<Path> inside;
    try (Stream<Path> files = Files.list(directory)) {
      inside = files.toList();
    }
    for (Path path : inside) {
      Utils.delete(path.toFile());
    }
  }

  String bootstrapServer() {
    return HOST + ":" + port;
  }

  /** Waits until the node has stopped. */
  void awaitShutdown() {
    server.awaitShutdown();
  }

  /** Stops the node and flushes its logs; its data stays. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  /** A node locks this file for as long as it runs. */
  private static void refuseWhenInUse(Path directory) throws IOException {
    try (FileChannel lock =
            FileChannel.open(
                directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock mine = lock.tryLock()) {
      if (mine == null) {
        throw new CommandFailedException(
            "another broker uses the data directory "
                + directory
                + ". Stop it, or name another directory.");
      }
    }
  }

  /** The node halts the JVM when it cannot bind, so look before. */
  private static int freePort(int wanted) throws IOException {
    InetAddress loopback = InetAddress.getByName(HOST);
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(loopback, wanted));
      return socket.getLocalPort();
    } catch (BindException e) {
      throw new CommandFailedException(
          "port " + wanted + " is in use. Stop what listens there, or choose another with --port.",
          e);
    }
  }

  private static void format(Path directory) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(out)
          .setNodeId(NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setControllerListenerName(CONTROLLER)
          .setMetadataLogDirectory(directory.toString())
          .addDirectory(directory.toString())
          .run();
    } catch (FormatterException e) {
      throw new CommandFailedException(
          "cannot prepare the data directory " + directory + ": " + e.getMessage(), e);
    } catch (Exception e) {
      throw new IllegalStateException(said.toString(StandardCharsets.UTF_8), e);
    }
  }

  private static Map<String, String> settings(int port, int controllerPort, Path directory) {
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "" + NODE_ID);
    settings.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
    settings.put("controller.listener.names", CONTROLLER);
    settings.put(
        "listeners",
        "PLAINTEXT://"
            + HOST
            + ":"
            + port
            + ","
            + CONTROLLER
            + "://"
            + HOST
            + ":"
            + controllerPort);
    settings.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
    settings.put(
        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
    settings.put("log.dirs", directory.toString());
    settings.put("message.max.bytes", "" + MAX_RECORD_BYTES);
    settings.put("num.partitions", "4");
    settings.put("default.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("share.coordinator.state.topic.num.partitions", "1");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");
    // What a killed processor left half done hides what follows until it is given up.
    settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    // The default of 128 MB is allocated at once; a development node has little to compact.
    settings.put("log.cleaner.dedupe.buffer.size", "" + (8 << 20));
    return settings;
  }
}
