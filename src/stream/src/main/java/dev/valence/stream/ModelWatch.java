package dev.valence.stream;

import dev.valence.stream.control.Assignment;
import dev.valence.stream.control.ControlReader;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that lets the models follow what the fleet is told and what the repository holds. It
 * loads, verifies and warms up, so that the threads of the stream need not.
 */
final class ModelWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ModelWatch.class);

  /** The broker answers at once if there are news. */
  private static final Duration NEWS = Duration.ofMillis(200);

  private final ModelKeeper keeper;
  private final ControlReader control;
  private final Duration interval;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "valence-models");

  private Assignment assignment;

  /**
   * Watches nothing yet.
   *
   * @param keeper follows; started
   * @param control is read by the thread from now on, and closed by it; null to be told nothing
   * @param assignment what the keeper follows at first
   * @param interval how often to look at the repository
   */
  ModelWatch(ModelKeeper keeper, ControlReader control, Assignment assignment, Duration interval) {
    this.keeper = keeper;
    this.control = control;
    this.assignment = assignment;
    this.interval = interval;
    thread.setDaemon(true);
  }

  /**
   * Starts a keeper on what the fleet was told, or on what this instance is pinned to.
   *
   * @throws StreamStartException if the control topic cannot be read, or there is no sound model
   */
  static ModelWatch of(ValenceConfig config, ModelKeeper keeper) throws StreamStartException {
    OptionalLong pinned = config.modelVersion();
    if (pinned.isPresent() || config.controlTopic().isEmpty()) {
      Assignment fixed = Assignment.LATEST;
      if (pinned.isPresent()) {
        fixed = fixed.activate(pinned.getAsLong());
        keeper.pin(fixed);
      } else {
        keeper.start(fixed);
      }
      return new ModelWatch(keeper, null, fixed, config.modelPoll());
    }
    String topic = config.controlTopic().get();
    ControlReader control = null;
    try {
      control =
          new ControlReader(
              config.kafka().reader("control"), topic, config.kafka().applicationId());
      Assignment told = control.readToEnd(config.startTimeout());
      keeper.start(told);
      return new ModelWatch(keeper, control, told, config.modelPoll());
    } catch (KafkaException | StreamStartException e) {
      if (control != null) {
        control.close();
      }
      if (e instanceof StreamStartException known) {
        throw known;
      }
      throw StreamStartException.because("cannot read the topic " + topic, e);
    }
  }

  void start() {
    thread.start();
  }

  /** Stops to watch. A version that is being loaded is waited for. */
  @Override
  public void close() {
    stopping.countDown();
    boolean started = thread.getState() != Thread.State.NEW;
    if (control != null && started) {
      control.wakeUp();
    } else if (control != null) {
      control.close();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (control) {
      while (!waitForNews()) {
        keeper.follow(assignment, this::news);
      }
    } catch (InterruptedException e) {
      LOG.debug("Interrupted.", e);
    }
  }

  /** What the fleet is told by now. */
  private Assignment news() {
    try {
      assignment = control == null ? assignment : control.poll(NEWS);
    } catch (KafkaException e) {
      LOG.debug("No news.", e);
    }
    return assignment;
  }

  /** Whether to stop instead. */
  private boolean waitForNews() throws InterruptedException {
    if (control == null) {
      return stopping.await(interval.toMillis(), TimeUnit.MILLISECONDS);
    }
    // What woke the thread up may have ended another poll.
    if (stopping.getCount() == 0) {
      return true;
    }
    try {
      assignment = control.poll(interval);
    } catch (WakeupException e) {
      LOG.debug("Woken up to stop.");
    } catch (KafkaException e) {
      LOG.warn("The control topic cannot be read: {}", e.getMessage());
      return stopping.await(interval.toMillis(), TimeUnit.MILLISECONDS);
    }
    return stopping.getCount() == 0;
  }
}
