package dev.valence.bench;

import dev.valence.model.SentimentModel;

/**
 * The model as Valence runs it: in chunks, which finished reviews leave.
 *
 * @param model is closed with this
 */
record ValenceEngine(SentimentModel model) implements Engine {

  @Override
  public float[][] probabilities(int[][] ids) {
    return model.probabilities(ids);
  }

  @Override
  public long cells(int[] lengths) {
    return model.cells(lengths);
  }

  @Override
  public void close() {
    model.close();
  }
}
