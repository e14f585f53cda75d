package dev.valence.stream;

import dev.valence.model.ModelManifest;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.concurrent.TimeUnit;

/** Shows which models score and how their replacements went. Safe for use by many threads. */
final class ModelMetrics {

  private static final double[] SECONDS = {.1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120};

  private final Gauge serving;
  private final Gauge trial;
  private final Gauge refused;
  private final Gauge open;
  private final Counter swaps;
  private final Counter refusals;
  private final Histogram load;
  private final Counter trialReviews;
  private final Counter trialFailures;
  private final Counter disagreements;
  private final Counter skipped;
  private final Histogram difference;

  ModelMetrics(CollectorRegistry registry) {
    serving =
        Gauge.build("valence_model_info", "The model that scores; always 1.")
            .labelNames("name", "version")
            .register(registry);
    trial =
        Gauge.build(
                "valence_model_trial_info", "The model on trial, a shadow or a canary; always 1.")
            .labelNames("name", "version", "kind")
            .register(registry);
    refused =
        Gauge.build("valence_model_refused", "A version that was asked for and refused; always 1.")
            .labelNames("version")
            .register(registry);
    open =
        Gauge.build(
                "valence_models_open",
                "Model versions in memory: one, and two during a change or a trial.")
            .register(registry);
    swaps =
        Counter.build("valence_model_swaps_total", "Times that another version began to serve.")
            .register(registry);
    refusals =
        Counter.build("valence_model_refusals_total", "Times that a version was refused.")
            .register(registry);
    load =
        Histogram.build("valence_model_load_seconds", "Time to load, verify and warm up a version.")
            .buckets(SECONDS)
            .register(registry);
    trialReviews =
        Counter.build("valence_trial_reviews_total", "Reviews that the model on trial scored.")
            .labelNames("kind", "label")
            .register(registry);
    trialFailures =
        Counter.build("valence_trial_failures_total", "Reviews that the model on trial failed on.")
            .register(registry);
    disagreements =
        Counter.build(
                "valence_shadow_disagreements_total", "Reviews that the shadow labels otherwise.")
            .register(registry);
    skipped =
        Counter.build(
                "valence_shadow_skipped_reviews_total",
                "Reviews that the shadow was too slow to score.")
            .register(registry);
    difference =
        Histogram.build(
                "valence_shadow_difference",
                "Largest difference of a probability between the shadow and the model that serves.")
            .buckets(.001, .003, .01, .03, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1)
            .register(registry);
  }

  /** This version serves from now on. */
  void serves(ModelManifest manifest) {
    serving.clear();
    serving.labels(manifest.modelName(), Long.toString(manifest.version())).set(1);
  }

  /** It took the place of another. */
  void swapped() {
    swaps.inc();
  }

  /** This version is on trial from now on. */
  void tries(ModelManifest manifest, Integer percent) {
    trial.clear();
    trial
        .labels(manifest.modelName(), Long.toString(manifest.version()), kind(percent == null))
        .set(1);
  }

  /** No version is on trial. */
  void triesNothing() {
    trial.clear();
  }

  /** A version was refused. */
  void refused(long version) {
    refusals.inc();
    refused.labels(Long.toString(version)).set(1);
  }

  /** A version that was refused is not asked for any more, or has been mended. */
  void forgotRefused(long version) {
    refused.remove(Long.toString(version));
  }

  /** A version was loaded in that time. */
  void opened(long nanos) {
    open.inc();
    load.observe((double) nanos / TimeUnit.SECONDS.toNanos(1));
  }

  /** A version was closed. */
  void closed() {
    open.dec();
  }

  /** The version on trial gave this label. */
  void tried(boolean shadow, String label) {
    trialReviews.labels(kind(shadow), label).inc();
  }

  /** The version on trial failed on so many reviews. */
  void trialFailed(int reviews) {
    trialFailures.inc(reviews);
  }

  /** The shadow's score was compared with the one that was given. */
  void compared(boolean sameLabel, double largestDifference) {
    if (!sameLabel) {
      disagreements.inc();
    }
    difference.observe(largestDifference);
  }

  /** The shadow had no time for so many reviews. */
  void skipped(int reviews) {
    skipped.inc(reviews);
  }

  private static String kind(boolean shadow) {
    return shadow ? "shadow" : "canary";
  }
}
