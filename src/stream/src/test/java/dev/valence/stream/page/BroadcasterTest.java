package dev.valence.stream.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Viewers on real sockets. */
class BroadcasterTest {

  private static final int MOST = 3;
  private static final int PATIENCE_MILLIS = 30_000;

  private final Broadcaster broadcaster = new Broadcaster(MOST);
  private final BlockingQueue<Boolean> admitted = new LinkedBlockingQueue<>();
  private final List<Socket> sockets = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::admit);
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    broadcaster.close();
    server.stop(0);
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void dropsWhoDoesNotReadAndTellsTheOthersEverything() throws Exception {
    Socket slow = connect();
    BufferedReader quick = connectReader();
    String large = "x".repeat(1 << 20);

    int told = 0;
    while (broadcaster.viewers() == 2) {
      broadcaster.send(ServerEvent.of("large", large));
      awaitLine(quick, "event: large");
      told++;
    }
    broadcaster.send(ServerEvent.of("last", "one"));
    awaitLine(quick, "event: last");

    assertThat(told).isLessThan(200);
    assertThat(broadcaster.viewers()).isEqualTo(1);
    assertThat(slow.isConnected()).isTrue();
  }

  @Test
  void turnsAwayMoreThanItMayTell() throws Exception {
    for (int viewer = 0; viewer < MOST; viewer++) {
      connect();
    }

    open();

    assertThat(admitted.take()).isFalse();
    assertThat(broadcaster.viewers()).isEqualTo(MOST);
  }

  @Test
  void letsViewersGoWhenItCloses() throws Exception {
    BufferedReader viewer = connectReader();

    broadcaster.close();

    awaitEnd(viewer);
    open();
    assertThat(admitted.take()).isFalse();
  }

  private void admit(HttpExchange exchange) throws IOException {
    boolean welcome =
        broadcaster.admit(exchange, () -> List.of(ServerEvent.of("greeting", "hello")));
    if (!welcome) {
      exchange.close();
    }
    admitted.add(welcome);
  }

  private Socket connect() throws IOException, InterruptedException {
    Socket socket = open();
    assertThat(admitted.take()).isTrue();
    return socket;
  }

  private BufferedReader connectReader() throws IOException, InterruptedException {
    URLConnection connection =
        URI.create("http://localhost:" + server.getAddress().getPort() + "/")
            .toURL()
            .openConnection();
    connection.setReadTimeout(PATIENCE_MILLIS);
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
    assertThat(admitted.take()).isTrue();
    awaitLine(reader, "event: greeting");
    return reader;
  }

  private Socket open() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort());
    sockets.add(socket);
    socket.setSoTimeout(PATIENCE_MILLIS);
    String request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  /** A viewer that is just being written to is cut off; one that waits ends in good order. */
  private static void awaitEnd(BufferedReader reader) throws SocketTimeoutException {
    try {
      while (reader.readLine() != null) {
        // What was sent before.
      }
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("Premature EOF|Connection reset");
    }
  }

  private static void awaitLine(BufferedReader reader, String wanted) throws IOException {
    String line = reader.readLine();
    while (!wanted.equals(line)) {
      assertThat(line).as("the stream ended before " + wanted).isNotNull();
      line = reader.readLine();
    }
  }
}
