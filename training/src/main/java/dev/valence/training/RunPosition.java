package dev.valence.training;

import dev.valence.text.Vocabulary;

/**
 * Where a run stood.
 *
 * @param corpus digest of the training text
 * @param vocabulary digest of the words that it was read with; null in checkpoints of before it was
 *     noted
 * @param start fingerprint of the weights that it began with; null in checkpoints of before it was
 *     noted
 * @param hyperparameters as JSON
 * @param towers branches of the graph, which the saved states belong to
 * @param step updates made
 * @param epoch counts from 0
 * @param stepInEpoch updates made in it
 * @param smoothedLoss of the steps before; null before the first, and in checkpoints of before it
 *     was noted
 * @param startAccuracy of what a classifier went on from, judged before the first step; null if it
 *     was not judged
 */
record RunPosition(
    String corpus,
    String vocabulary,
    String start,
    String hyperparameters,
    int towers,
    long step,
    int epoch,
    int stepInEpoch,
    Double smoothedLoss,
    Double startAccuracy) {

  /** Before the first update. */
  static RunPosition fresh(
      String corpus, Vocabulary vocabulary, Parameters start, Hyperparameters numbers, int towers) {
    String words = Integer.toHexString(vocabulary.hashCode());
    return new RunPosition(
        corpus, words, start.fingerprint(), numbers.toJson(), towers, 0, 0, 0, null, null);
  }

  /** After some steps, whose smoothed loss is given. */
  RunPosition at(long newStep, int newEpoch, int newStepInEpoch, Double newSmoothedLoss) {
    return new RunPosition(
        corpus,
        vocabulary,
        start,
        hyperparameters,
        towers,
        newStep,
        newEpoch,
        newStepInEpoch,
        newSmoothedLoss,
        startAccuracy);
  }

  /** The same, with what its start judged right. */
  RunPosition startingAt(Double accuracy) {
    return new RunPosition(
        corpus,
        vocabulary,
        start,
        hyperparameters,
        towers,
        step,
        epoch,
        stepInEpoch,
        smoothedLoss,
        accuracy);
  }
}
