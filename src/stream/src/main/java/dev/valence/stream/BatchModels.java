package dev.valence.stream;

import dev.valence.model.Leased.Lease;
import dev.valence.stream.Lineup.Trial;
import java.util.Optional;

/**
 * The models of one batch: leased when its first review arrives, returned when it is answered. So a
 * review is scored by the version whose text pipeline encoded it, whatever is swapped meanwhile.
 */
final class BatchModels implements AutoCloseable {

  private final Lease<ServingModel> serving;
  private final Lease<ServingModel> trial;
  private final Integer percent;

  private BatchModels(Lease<ServingModel> serving, Lease<ServingModel> trial, Integer percent) {
    this.serving = serving;
    this.trial = trial;
    this.percent = percent;
  }

  /** Leases all models of a lineup; empty if it is too late for that. */
  static Optional<BatchModels> of(Lineup lineup) {
    Lease<ServingModel> serving = lineup.serving().lease().orElse(null);
    if (serving == null) {
      return Optional.empty();
    }
    Trial trial = lineup.trial();
    if (trial == null) {
      return Optional.of(new BatchModels(serving, null, null));
    }
    Optional<Lease<ServingModel>> second = trial.model().lease();
    if (second.isEmpty()) {
      serving.close();
    }
    return second.map(lease -> new BatchModels(serving, lease, trial.percent()));
  }

  /** The version that serves. */
  ServingModel serving() {
    return serving.value();
  }

  /** The version on trial, if there is one. */
  Optional<ServingModel> trial() {
    return Optional.ofNullable(trial).map(Lease::value);
  }

  /** Whether the version on trial scores copies of all that is scored. */
  boolean isShadowed() {
    return trial != null && percent == null;
  }

  /**
   * The version that answers a review.
   *
   * @param key of the record, or what identifies the review if it has none
   */
  ServingModel answering(byte[] key) {
    boolean canary = percent != null && new KeyShare(percent).holds(key);
    return canary ? trial.value() : serving.value();
  }

  @Override
  public void close() {
    serving.close();
    if (trial != null) {
      trial.close();
    }
  }
}
