package dev.valence.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One node of a {@link Cluster}, broker and controller in one, as a program of its own, so that it
 * can be killed. It keeps its data for its next life, and ends when its standard input does.
 */
final class ClusterNode {
  /** What it writes to its standard output when it serves clients. */
  static final String READY = "node ready";

  private static final String HOST = "127.0.0.1";
  private static final String CONTROLLER = "CONTROLLER";

  private ClusterNode() {}

  /**
   * @param arguments the node's index, its directory, the cluster's id, all broker ports, all
   *     controller ports, both joined by commas
   */
  public static void main(String[] arguments) throws Exception {
    int index = Integer.parseInt(arguments[0]);
    Path directory = Path.of(arguments[1]);
    List<String> brokerPorts = List.of(arguments[3].split(","));
    List<String> controllerPorts = List.of(arguments[4].split(","));
    if (!Files.exists(directory.resolve("meta.properties"))) {
      format(index, directory, arguments[2]);
    }
    KafkaRaftServer server =
        new KafkaRaftServer(
            new KafkaConfig(settings(index, directory, brokerPorts, controllerPorts)), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
    server.startup();
    System.out.println(READY);
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }

  private static void format(int index, Path directory, String clusterId) throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(out)
          .setNodeId(index)
          .setClusterId(clusterId)
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setControllerListenerName(CONTROLLER)
          .setMetadataLogDirectory(directory.toString())
          .addDirectory(directory.toString())
          .run();
    }
  }

  private static Map<String, String> settings(
      int index, Path directory, List<String> brokerPorts, List<String> controllerPorts) {
    String broker = "PLAINTEXT://" + HOST + ":" + brokerPorts.get(index);
    String controller = CONTROLLER + "://" + HOST + ":" + controllerPorts.get(index);
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(index));
    settings.put(
        "controller.quorum.voters",
        IntStream.range(0, controllerPorts.size())
            .mapToObj(node -> node + "@" + HOST + ":" + controllerPorts.get(node))
            .collect(Collectors.joining(",")));
    settings.put("controller.listener.names", CONTROLLER);
    settings.put("listeners", broker + "," + controller);
    settings.put("advertised.listeners", broker);
    settings.put(
        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
    settings.put("log.dirs", directory.toString());
    settings.put("min.insync.replicas", "2");
    settings.put("default.replication.factor", "3");
    settings.put("offsets.topic.num.partitions", "3");
    settings.put("offsets.topic.replication.factor", "3");
    settings.put("transaction.state.log.num.partitions", "3");
    settings.put("transaction.state.log.replication.factor", "3");
    settings.put("transaction.state.log.min.isr", "2");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
    return settings;
  }
}
