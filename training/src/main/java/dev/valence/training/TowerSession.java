package dev.valence.training;

import java.nio.file.Path;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/**
 * A graph and a session that runs its towers side by side. TensorFlow does not spread the steps of
 * one LSTM over cores, but it runs branches of a graph on threads of their own.
 */
final class TowerSession implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session;

  TowerSession(int towers, Device device) {
    session = new Session(graph, device.config().setInterOpParallelismThreads(towers).build());
  }

  /** Adds to the graph. */
  Ops ops() {
    return Ops.create(graph);
  }

  Session session() {
    return session;
  }

  Session.Runner runner() {
    return session.runner();
  }

  /** Writes all variables, moments and states too, as TensorFlow's own tensor bundle. */
  void save(Path prefix) {
    session.save(prefix.toString());
  }

  /** Reads what {@link #save(Path)} wrote. */
  void restore(Path prefix) {
    session.restore(prefix.toString());
  }

  /** The session goes first: a graph waits for ever for a session that is open. */
  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
