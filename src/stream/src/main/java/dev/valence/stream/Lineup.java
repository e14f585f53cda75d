package dev.valence.stream;

import dev.valence.model.Leased;

/**
 * The model versions that score new batches.
 *
 * @param serving answers reviews
 * @param trial a version beside it, or null
 */
record Lineup(Leased<ServingModel> serving, Trial trial) {

  /**
   * A version on trial.
   *
   * @param model the version
   * @param percent of the keys that it answers; null for a shadow, which answers none
   */
  record Trial(Leased<ServingModel> model, Integer percent) {}
}
