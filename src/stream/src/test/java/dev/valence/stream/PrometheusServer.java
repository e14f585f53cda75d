package dev.valence.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real Prometheus as a process of its own, on a port of this machine, asked over its HTTP API.
 *
 * @see <a href="https://prometheus.io/docs/prometheus/latest/querying/api/">HTTP API</a>
 */
final class PrometheusServer implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final long PATIENCE_SECONDS = 60;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final Path log;
  private final String url;

  private PrometheusServer(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.url = "http://127.0.0.1:" + port;
  }

  /** The program, or empty where it is not installed. */
  static Optional<Path> installed() {
    return InstalledPrograms.find("prometheus");
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param directory an empty one, for its data and its log
   */
  static PrometheusServer start(Path program, Path configuration, Path directory)
      throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path log = directory.resolve("prometheus.log");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    PrometheusServer server = new PrometheusServer(process, log, port);
    try {
      server.awaitReady();
      return server;
    } catch (IOException | InterruptedException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Everything it scrapes. */
  JsonNode targets() throws IOException, InterruptedException {
    return data("/api/v1/targets").path("activeTargets");
  }

  /** The groups of rules that it evaluates. */
  JsonNode ruleGroups() throws IOException, InterruptedException {
    return data("/api/v1/rules").path("groups");
  }

  /**
   * What a query comes to now: a vector.
   *
   * @throws IOException if the query is refused
   */
  JsonNode query(String expression) throws IOException, InterruptedException {
    return data("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .path("result");
  }

  /** The values of a label among the series of a selector. */
  JsonNode labelValues(String label, String selector) throws IOException, InterruptedException {
    return data(
        "/api/v1/label/"
            + label
            + "/values?match[]="
            + URLEncoder.encode(selector, StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("Prometheus does not get ready: " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private JsonNode data(String path) throws IOException, InterruptedException {
    JsonNode answer = JSON.readTree(get(path.replace("[]", "%5B%5D")).body());
    if (!answer.path("status").asText().equals("success")) {
      throw new IOException(path + ": " + answer);
    }
    return answer.path("data");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString());
  }
}
