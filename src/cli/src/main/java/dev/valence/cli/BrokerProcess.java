package dev.valence.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An embedded broker in a process of its own, on a free port, with temporary data unless it is told
 * where to keep them. It ends with {@link #close}, and also when this process ends in whatever way:
 * it watches its standard input.
 */
public final class BrokerProcess implements AutoCloseable {
  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 30;

  private final Process process;
  private final CompletableFuture<Brokers> ready = new CompletableFuture<>();

  private BrokerProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts it and waits until it serves clients.
   *
   * @param err takes whatever else the broker has to say
   * @param moreArguments of {@code valence broker}
   * @throws IOException if no process can be started
   * @throws CommandFailedException when it does not start
   */
  public static BrokerProcess start(PrintWriter err, String... moreArguments) throws IOException {
    String[] arguments = new String[moreArguments.length + 4];
    arguments[0] = "broker";
    arguments[1] = "--until-stdin-closes";
    arguments[2] = "--port";
    arguments[3] = "0";
    System.arraycopy(moreArguments, 0, arguments, 4, moreArguments.length);
    BrokerProcess broker =
        new BrokerProcess(
            new ChildJvm("-Xmx512m", "-XX:+UseSerialGC")
                .commandThatIgnoresSignals(arguments)
                .start());
    Thread listener = new Thread(() -> broker.listen(err), "broker-messages");
    listener.setDaemon(true);
    listener.start();
    try {
      broker.brokers();
      return broker;
    } catch (RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  /** Where it listens, {@code host:port}. */
  public String address() {
    return brokers().address();
  }

  Brokers brokers() {
    try {
      return ready.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new CommandFailedException(
          "the embedded broker did not start within " + START_SECONDS + " s.", e);
    } catch (ExecutionException e) {
      throw new CommandFailedException("the embedded broker did not start.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted while the broker started", e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Asks the broker to stop, waits, and kills it when it takes too long. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (IOException e) {
      // It has ended already.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  private void listen(PrintWriter err) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(BrokerCommand.READY)) {
          String address = line.substring(BrokerCommand.READY.length(), line.indexOf(','));
          ready.complete(new Brokers(address));
        } else {
          err.println(line);
        }
      }
    } catch (IOException e) {
      err.println("lost the embedded broker's messages: " + e.getMessage());
    }
    ready.completeExceptionally(new IOException("the broker ended"));
  }
}
