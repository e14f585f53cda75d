package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;

/** A Kafka of three nodes, each in a JVM of its own, that may stop, be killed and come back. */
final class Cluster implements AutoCloseable {
  static final int NODES = 3;

  private static final long PATIENCE_SECONDS = 180;

  private final Path directory;
  private final String clusterId = Uuid.randomUuid().toString();
  private final List<String> brokerPorts;
  private final List<String> controllerPorts;
  private final Process[] nodes = new Process[NODES];

  private Cluster(Path directory, List<String> ports) {
    this.directory = directory;
    this.brokerPorts = ports.subList(0, NODES);
    this.controllerPorts = ports.subList(NODES, 2 * NODES);
  }

  static Cluster start(Path directory) throws IOException, InterruptedException {
    Cluster cluster = new Cluster(directory, freePorts());
    try {
      for (int node = 0; node < NODES; node++) {
        cluster.launch(node);
      }
      for (int node = 0; node < NODES; node++) {
        cluster.awaitReady(node);
      }
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  Brokers brokers() {
    return new Brokers(
        brokerPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
  }

  void createTopics(int partitions, String... names) throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(
              List.of(names).stream()
                  .map(name -> new NewTopic(name, partitions, (short) NODES))
                  .toList())
          .all()
          .get();
    }
  }

  /** Ends a node: where it stands, or in its own time. */
  void stop(int node, boolean kill) throws InterruptedException {
    Process process = nodes[node];
    if (kill) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("node stops").isTrue();
  }

  /** Starts a node that has ended, with the data of its earlier life. */
  void restart(int node) throws IOException, InterruptedException {
    launch(node);
    awaitReady(node);
  }

  /** Waits until every partition of these topics has all of its replicas again. */
  void awaitWhole(Collection<String> topics) throws InterruptedException, ExecutionException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try (Admin admin = admin()) {
      while (!isWhole(admin, topics)) {
        assertThat(System.nanoTime()).as("time for replicas to catch up").isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }

  @Override
  public void close() {
    for (Process node : nodes) {
      if (node != null) {
        node.destroyForcibly().onExit().join();
      }
    }
  }

  private static boolean isWhole(Admin admin, Collection<String> topics)
      throws InterruptedException, ExecutionException {
    try {
      return admin.describeTopics(topics).allTopicNames().get().values().stream()
          .map(TopicDescription::partitions)
          .flatMap(List::stream)
          .allMatch(partition -> partition.isr().size() == NODES);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RetriableException) {
        return false;
      }
      throw e;
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", brokers().address()));
  }

  private void launch(int node) throws IOException {
    Path data = Files.createDirectories(directory.resolve("node-" + node));
    nodes[node] =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ClusterNode.class.getName(),
                Integer.toString(node),
                data.toString(),
                clusterId,
                String.join(",", brokerPorts),
                String.join(",", controllerPorts))
            .redirectOutput(output(node).toFile())
            .redirectError(
                ProcessBuilder.Redirect.appendTo(
                    directory.resolve("node-" + node + ".err").toFile()))
            .start();
  }

  private Path output(int node) {
    return directory.resolve("node-" + node + ".out");
  }

  private void awaitReady(int node) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.readString(output(node)).contains(ClusterNode.READY)) {
      assertThat(System.nanoTime()).as("time for node %d to start", node).isLessThan(deadline);
      assertThat(nodes[node].waitFor(50, TimeUnit.MILLISECONDS))
          .as("node %d ended: see %s", node, directory)
          .isFalse();
    }
  }

  private static List<String> freePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int port = 0; port < 2 * NODES; port++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return IntStream.range(0, 2 * NODES)
          .mapToObj(index -> Integer.toString(sockets.get(index).getLocalPort()))
          .toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
