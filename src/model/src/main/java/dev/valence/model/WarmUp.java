package dev.valence.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which batches a model runs to reserve memory and prepare kernels before the first review waits
 * for it.
 *
 * @param shapes of the batches that it is to score; none if they are not known
 */
record WarmUp(List<BatchShape> shapes) {

  /**
   * Tokens of each review where the model reads in chunks: what the first chunks have prepared
   * serves the others, and more would take the processor from the model that serves.
   */
  private static final int CHUNKS_TOKENS = 32;

  /**
   * The largest of the shapes in use, together no more work than one full batch, which stands in
   * while none is known: a warm-up takes the processor from the model that serves.
   */
  List<BatchShape> chosen(ServingGraph graph) {
    BatchShape full = fullBatch(graph);
    List<BatchShape> chosen = new ArrayList<>();
    long left = full.cells();
    for (BatchShape shape :
        shapes.stream()
            .map(shape -> graph.readsInChunks() ? shape.within(full) : shape)
            .distinct()
            .sorted(Comparator.comparingLong(BatchShape::cells).reversed())
            .toList()) {
      if (shape.cells() <= left) {
        chosen.add(shape);
        left -= shape.cells();
      }
    }
    return chosen.isEmpty() ? List.of(full) : chosen;
  }

  private static BatchShape fullBatch(ServingGraph graph) {
    return graph.readsInChunks()
        ? new BatchShape(CHUNKS_TOKENS, ChunkSeats.MOST)
        : new BatchShape(
            BatchPlanner.DEFAULT_MAX_PADDED_TOKENS / BatchPlanner.DEFAULT_MAX_REVIEWS,
            BatchPlanner.DEFAULT_MAX_REVIEWS);
  }
}
