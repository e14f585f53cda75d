package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusServerTest {

  private final CollectorRegistry registry = new CollectorRegistry();
  private final HttpClient client = HttpClient.newHttpClient();
  private String problem = "";
  private String note = "";
  private StatusServer server;

  @BeforeEach
  void start() throws StreamStartException {
    server =
        StatusServer.start(
            "127.0.0.1", 0, registry, () -> "", () -> problem, () -> note, StatusServer::notFound);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void showsTheMetricsOfItsRegistry() throws Exception {
    Gauge.build("valence_test", "A test.").register(registry).set(3);

    HttpResponse<String> page = send("GET", "/metrics");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    assertThat(page.body()).contains("valence_test 3.0\n");
  }

  @Test
  void answersProbesByTheirState() throws Exception {
    assertThat(send("GET", "/healthz").body()).isEqualTo("ok\n");
    assertThat(send("GET", "/readyz").statusCode()).isEqualTo(200);

    problem = "the stream is REBALANCING";

    assertThat(send("GET", "/readyz").statusCode()).isEqualTo(503);
    assertThat(send("GET", "/readyz").body()).isEqualTo("the stream is REBALANCING\n");
    assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void notesWhatIsWrongAlthoughItWorks() throws Exception {
    note = "model version 3 is refused";

    assertThat(send("GET", "/readyz").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/readyz").body()).isEqualTo("ok\nmodel version 3 is refused\n");
    assertThat(send("GET", "/healthz").body()).isEqualTo("ok\n");
  }

  @Test
  void refusesOtherPathsAndMethods() throws Exception {
    assertThat(send("GET", "/").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/metrics/all").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/metrics").statusCode()).isEqualTo(405);
    assertThat(send("HEAD", "/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void saysWhichPortIsTaken() {
    int taken = server.address().getPort();

    assertThatThrownBy(
            () ->
                StatusServer.start(
                    "127.0.0.1",
                    taken,
                    registry,
                    () -> "",
                    () -> "",
                    () -> "",
                    StatusServer::notFound))
        .isInstanceOf(StreamStartException.class)
        .hasMessage(
            "port %d on 127.0.0.1 cannot be listened on: Address already in use. Set valence.http.port to another one, or to 0 for any."
                .formatted(taken));
  }

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return client.send(
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }
}
