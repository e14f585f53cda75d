package dev.valence.stream.page;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Sends each event to all viewers and waits for none: a viewer that lags behind is dropped. Safe
 * for use by many threads.
 */
final class Broadcaster implements AutoCloseable {

  private final int maxViewers;
  private final Set<Viewer> viewers = new HashSet<>();
  private boolean closed;

  /**
   * @param maxViewers how many may look at the same time, positive
   */
  Broadcaster(int maxViewers) {
    this.maxViewers = maxViewers;
  }

  /**
   * Makes a viewer of a request, which stays open.
   *
   * @param greeting what a viewer must know first
   * @return whether there was room; if not, the request is not answered
   * @throws IOException if the viewer is gone
   */
  boolean admit(HttpExchange exchange, Supplier<List<ServerEvent>> greeting) throws IOException {
    synchronized (this) {
      if (closed || viewers.size() >= maxViewers) {
        return false;
      }
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    Viewer viewer = new Viewer(exchange, this::remove);
    synchronized (this) {
      if (closed) {
        exchange.close();
        return true;
      }
      greeting.get().forEach(viewer::offer);
      viewers.add(viewer);
    }
    viewer.start();
    return true;
  }

  synchronized void send(ServerEvent event) {
    for (Viewer viewer : viewers) {
      if (!viewer.offer(event)) {
        viewer.drop();
      }
    }
  }

  synchronized int viewers() {
    return viewers.size();
  }

  @Override
  public synchronized void close() {
    closed = true;
    viewers.forEach(Viewer::drop);
  }

  private synchronized void remove(Viewer viewer) {
    viewers.remove(viewer);
  }
}
