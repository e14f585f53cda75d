package dev.valence.stream;

import dev.valence.model.Leased.Lease;
import dev.valence.model.ModelManifest;
import dev.valence.model.Score;
import dev.valence.text.EncodedReview;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores copies of answered reviews with the version on trial and compares. It has a thread of its
 * own and lets go of what that one has no time for, so that the shadow costs the stream processor
 * time, but neither order nor waiting. Safe for use by many threads.
 */
final class ShadowScorer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShadowScorer.class);
  private static final int WAITING_BATCHES = 2;

  /**
   * A review that was answered.
   *
   * @param text as it was written
   * @param score what it was answered with
   */
  record Answered(String text, Score score) {}

  private final ModelKeeper keeper;
  private final ModelMetrics metrics;
  private final ThreadPoolExecutor thread;

  ShadowScorer(ModelKeeper keeper, ModelMetrics metrics) {
    this.keeper = keeper;
    this.metrics = metrics;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING_BATCHES),
            task -> {
              Thread made = new Thread(task, "valence-shadow");
              made.setDaemon(true);
              return made;
            },
            (task, executor) -> metrics.skipped(((Batch) task).answered().size()));
    thread.allowCoreThreadTimeOut(true);
  }

  /**
   * Compares, or lets go of the reviews if two batches wait already.
   *
   * @param serving says what the scores' columns mean
   * @param version on trial
   */
  void offer(ModelManifest serving, long version, List<Answered> answered) {
    thread.execute(new Batch(serving, version, answered));
  }

  @Override
  public void close() {
    thread.getQueue().clear();
    finish();
  }

  /** Compares what waits, and nothing more. */
  void finish() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.warn("The shadow did not stop within a minute.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Not a lambda, so that what is turned away can be counted. */
  private final class Batch implements Runnable {

    private final ModelManifest serving;
    private final long version;
    private final List<Answered> answered;

    Batch(ModelManifest serving, long version, List<Answered> answered) {
      this.serving = serving;
      this.version = version;
      this.answered = answered;
    }

    List<Answered> answered() {
      return answered;
    }

    @Override
    public void run() {
      Optional<Lease<ServingModel>> lease = keeper.leaseTrial(version);
      if (lease.isEmpty()) {
        return;
      }
      try (Lease<ServingModel> leased = lease.get()) {
        score(leased.value());
      } catch (RuntimeException e) {
        metrics.trialFailed(answered.size());
        keeper.giveUp(version, e);
      }
    }

    private void score(ServingModel model) {
      List<EncodedReview> reviews = new ArrayList<>();
      answered.forEach(next -> reviews.add(model.pipeline().encode(next.text())));
      List<IsolatingScorer.Result> results = model.scorer().score(reviews);
      for (int index = 0; index < results.size(); index++) {
        Score shadow = results.get(index).score();
        if (shadow == null) {
          metrics.trialFailed(1);
          continue;
        }
        Score given = answered.get(index).score();
        metrics.tried(true, shadow.label());
        metrics.compared(
            shadow.label().equals(given.label()),
            largestDifference(byLabel(model.manifest(), shadow), byLabel(serving, given)));
      }
    }

    private Map<String, Float> byLabel(ModelManifest manifest, Score score) {
      Map<String, Float> probabilities = new HashMap<>();
      for (int label = 0; label < manifest.labels().size(); label++) {
        probabilities.put(manifest.labels().get(label), score.probabilities()[label]);
      }
      return probabilities;
    }

    /** A label that only one of the two versions knows has no probability in the other. */
    private double largestDifference(Map<String, Float> one, Map<String, Float> other) {
      TreeSet<String> labels = new TreeSet<>(one.keySet());
      labels.addAll(other.keySet());
      return labels.stream()
          .mapToDouble(
              label -> Math.abs(one.getOrDefault(label, 0f) - other.getOrDefault(label, 0f)))
          .max()
          .orElse(0);
    }
  }
}
