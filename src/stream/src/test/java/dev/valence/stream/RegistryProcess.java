package dev.valence.stream;

import dev.valence.stream.format.RegistryConnection;
import io.apicurio.registry.rest.client.RegistryClient;
import io.apicurio.registry.rest.client.RegistryClientFactory;
import io.apicurio.registry.rest.v2.beans.IfExists;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A real schema registry in a process of its own, whose schemas outlive a {@code kill -9}. */
public final class RegistryProcess implements AutoCloseable {

  /** Gives a test a running registry as a parameter, the same for all. */
  public static final class Extension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == RegistryProcess.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(RegistryProcess.class))
          .getOrComputeIfAbsent(
              "registry",
              key -> {
                try {
                  RegistryProcess registry =
                      new RegistryProcess(freePort(), Files.createTempDirectory("registry"));
                  registry.start();
                  return registry;
                } catch (Exception e) {
                  throw new IllegalStateException("no schema registry", e);
                }
              },
              RegistryProcess.class);
    }
  }

  private static final Path HOME = Path.of("target", "schema-registry");
  private static final String JAR = "apicurio-registry-app-2.6.13.Final-runner.jar";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);

  private final int port;
  private final Path data;
  private Process process;

  public RegistryProcess(int port, Path data) {
    this.port = port;
    this.data = data;
  }

  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public RegistryConnection connection() {
    return new RegistryConnection(url(), "", "", true);
  }

  /** Returns when it answers. */
  public void start() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-jar",
                JAR)
            .directory(HOME.toFile())
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("registry.log").toFile());
    builder
        .environment()
        .put(
            "REGISTRY_DATASOURCE_URL",
            "jdbc:h2:file:" + data.resolve("schemas") + ";WRITE_DELAY=0");
    process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!answers()) {
      if (System.nanoTime() > deadline || process.waitFor(200, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the registry did not start: see " + data);
      }
    }
  }

  /** {@code kill -9}. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Puts a schema there, as any producer would, and returns its id. */
  public int register(String subject, String schema) throws IOException {
    try (RegistryClient client = RegistryClientFactory.create(url())) {
      return client
          .createArtifact(
              "default",
              subject,
              null,
              "AVRO",
              IfExists.RETURN_OR_UPDATE,
              false,
              new ByteArrayInputStream(schema.getBytes(StandardCharsets.UTF_8)))
          .getContentId()
          .intValue();
    }
  }

  /** What other vendors' tools would get at this path of their own interface. */
  public String get(String path) throws IOException, InterruptedException {
    return send(path).body();
  }

  @Override
  public void close() {
    kill();
  }

  private boolean answers() throws InterruptedException {
    try {
      return send("/apis/registry/v2/system/info").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> send(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url() + path)).build(), BodyHandlers.ofString());
  }
}
