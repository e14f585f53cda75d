package dev.valence.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which precision is the fastest here, measured once for all models of the same work. For one
 * thread.
 */
final class PrecisionTrial {

  private static final Logger LOG = LoggerFactory.getLogger(PrecisionTrial.class);

  /** Timings of each precision; the best of them counts. */
  private static final int TRIALS = 3;

  private final Map<SavedModelFile.Work, Precision> fastest = new HashMap<>();

  /** What was the fastest for this work; empty if it was not measured. */
  Optional<Precision> fastest(SavedModelFile.Work work) {
    return Optional.ofNullable(fastest.get(work));
  }

  /**
   * Times a model in both precisions, in turn, and remembers which was faster.
   *
   * @param work of the model
   * @param pace of the runs
   * @return the faster of the two; the other is closed
   */
  SentimentModel faster(
      SentimentModel fp32, SentimentModel int8, SavedModelFile.Work work, Pace pace) {
    long fp32Time = Long.MAX_VALUE;
    long int8Time = Long.MAX_VALUE;
    try {
      for (int trial = 0; trial < TRIALS; trial++) {
        fp32Time = Math.min(fp32Time, time(fp32, pace));
        int8Time = Math.min(int8Time, time(int8, pace));
      }
    } catch (RuntimeException | Error e) {
      fp32.close();
      int8.close();
      throw e;
    }
    LOG.info(
        "A batch takes {} ms in int8 and {} ms in fp32.",
        TimeUnit.NANOSECONDS.toMillis(int8Time),
        TimeUnit.NANOSECONDS.toMillis(fp32Time));
    boolean int8Wins = int8Time < fp32Time;
    SentimentModel faster = int8Wins ? int8 : fp32;
    SentimentModel slower = int8Wins ? fp32 : int8;
    slower.close();
    fastest.put(work, faster.precision());
    return faster;
  }

  /** Nanoseconds for a batch of all lengths, which meets every number of reviews on the way. */
  private static long time(SentimentModel model, Pace pace) {
    int[][] ids = new int[BatchPlanner.DEFAULT_MAX_REVIEWS][];
    for (int review = 0; review < ids.length; review++) {
      ids[review] = new int[1 + 2 * review];
      Arrays.fill(ids[review], model.textPipeline().vocabulary().size() - 1);
    }
    return pace.time(model::probabilities, ids);
  }
}
