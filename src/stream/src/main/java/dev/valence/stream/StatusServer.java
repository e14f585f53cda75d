package dev.valence.stream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Answers {@code /metrics}, {@code /healthz} and {@code /readyz} over HTTP. Reads state, changes
 * none. At most {@link #THREADS} requests are answered at once and {@link #QUEUED} wait; more are
 * turned away, so that no crowd of readers slows the stream.
 */
final class StatusServer implements AutoCloseable {

  private static final int THREADS = 2;
  private static final int QUEUED = 32;
  private static final int IDLE_SECONDS = 30;

  private static final String REQUEST_SECONDS_PROPERTY = "sun.net.httpserver.maxReqTime";

  private final HttpServer server;
  private final List<ExecutorService> executors;

  private StatusServer(HttpServer server, List<ExecutorService> executors) {
    this.server = server;
    this.executors = executors;
  }

  /**
   * Starts to listen.
   *
   * @param host address or name of this machine
   * @param port 0 for any free one
   * @param registry its metrics are shown
   * @param health says what is wrong with the process, or nothing: the empty string
   * @param readiness says why it does no work, or nothing
   * @param notes says what is not as it should be although it works, or nothing
   * @param others answers all other paths
   * @throws StreamStartException if the address cannot be listened on
   */
  static StatusServer start(
      String host,
      int port,
      CollectorRegistry registry,
      Supplier<String> health,
      Supplier<String> readiness,
      Supplier<String> notes,
      HttpHandler others)
      throws StreamStartException {
    HttpServer server = bind(host, port);
    ExecutorService executor = executor("valence-http-");
    ExecutorService scraped = executor("valence-metrics-");
    server.setExecutor(executor);
    server.createContext("/", others);
    server.createContext("/metrics", exchange -> metrics(exchange, registry, scraped));
    server.createContext("/healthz", exchange -> probe(exchange, health, () -> ""));
    server.createContext("/readyz", exchange -> probe(exchange, readiness, notes));
    server.start();
    return new StatusServer(server, List.of(executor, scraped));
  }

  /** Answers that there is nothing. */
  static void notFound(HttpExchange exchange) throws IOException {
    answer(exchange, 404, "not found\n");
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    executors.forEach(ExecutorService::shutdownNow);
  }

  private static HttpServer bind(String host, int port) throws StreamStartException {
    // Read once, by the first server: without it whoever never ends a request keeps a thread.
    if (System.getProperty(REQUEST_SECONDS_PROPERTY) == null) {
      System.setProperty(REQUEST_SECONDS_PROPERTY, "5");
    }
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
    } catch (BindException e) {
      throw new StreamStartException(
          "port %d on %s cannot be listened on: %s. Set %s to another one, or to 0 for any."
              .formatted(port, host, e.getMessage(), ServiceKeys.HTTP_PORT_CONFIG),
          e);
    } catch (UnknownHostException e) {
      throw new StreamStartException(
          "no such host: %s. Set %s to an address of this machine."
              .formatted(host, ServiceKeys.HTTP_HOST_CONFIG),
          e);
    } catch (IOException e) {
      throw new StreamStartException("no HTTP on " + host + ":" + port + ": " + e.getMessage(), e);
    }
  }

  private static ExecutorService executor(String name) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUED),
            task -> {
              Thread thread = new Thread(task, name + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** In threads of their own: whoever does not read the answer keeps one, but not from a probe. */
  private static void metrics(
      HttpExchange exchange, CollectorRegistry registry, ExecutorService scraped) {
    try {
      scraped.execute(
          () -> {
            try {
              metrics(exchange, registry);
            } catch (IOException | RuntimeException e) {
              exchange.close();
            }
          });
    } catch (RejectedExecutionException e) {
      exchange.close();
    }
  }

  private static void metrics(HttpExchange exchange, CollectorRegistry registry)
      throws IOException {
    String type = TextFormat.chooseContentType(exchange.getRequestHeaders().getFirst("Accept"));
    StringWriter page = new StringWriter();
    TextFormat.writeFormat(type, page, registry.metricFamilySamples());
    exchange.getResponseHeaders().set("Content-Type", type);
    answer(exchange, 200, page.toString());
  }

  private static void probe(HttpExchange exchange, Supplier<String> probe, Supplier<String> notes)
      throws IOException {
    String problem = probe.get();
    boolean fine = problem.isEmpty();
    String note = fine ? notes.get() : "";
    answer(
        exchange,
        fine ? 200 : 503,
        (fine ? "ok" : problem) + "\n" + (note.isEmpty() ? "" : note + "\n"));
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      boolean exact =
          exchange.getHttpContext().getPath().equals(exchange.getRequestURI().getPath());
      boolean reads = exchange.getRequestMethod().matches("GET|HEAD");
      byte[] body =
          (exact || status == 404 ? text : "not found\n").getBytes(StandardCharsets.UTF_8);
      int code = !reads ? 405 : exact ? status : 404;
      if (!exchange.getResponseHeaders().containsKey("Content-Type")) {
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      }
      boolean silent = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(code, silent ? -1 : body.length);
      if (!silent) {
        exchange.getResponseBody().write(body);
      }
    }
  }
}
