package dev.valence.stream.page;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/** A browser that follows the events. Its thread writes, so that only itself waits for it. */
final class Viewer {

  /** A quarter of a minute at a few events a second. */
  private static final int BEHIND = 64;

  /** It copies bytes, nothing else. */
  private static final long STACK_BYTES = 256 << 10;

  private final HttpExchange exchange;
  private final BlockingQueue<ServerEvent> waiting = new ArrayBlockingQueue<>(BEHIND);
  private final Consumer<Viewer> left;
  private final Thread thread;

  /**
   * @param exchange its headers are sent already
   * @param left is told when the browser has gone
   */
  Viewer(HttpExchange exchange, Consumer<Viewer> left) {
    this.exchange = exchange;
    this.left = left;
    this.thread = new Thread(null, this::write, "valence-page-viewer", STACK_BYTES);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Whether there was room; a viewer without is too slow. */
  boolean offer(ServerEvent event) {
    return waiting.offer(event);
  }

  /** Interrupting a thread that writes to a socket closes the socket, so this ends at once. */
  void drop() {
    thread.interrupt();
  }

  private void write() {
    try (exchange) {
      OutputStream out = exchange.getResponseBody();
      while (true) {
        out.write(waiting.take().bytes());
        out.flush();
      }
    } catch (IOException | InterruptedException e) {
      // It has gone, or was too slow; the browser connects again by itself.
    } finally {
      left.accept(this);
    }
  }
}
