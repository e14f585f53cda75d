package dev.valence.bench;

import java.util.List;
import java.util.Map;

/**
 * What a worker process found. What makes no sense for its contender is null, or 0.
 *
 * @param reviews of one round
 * @param tokens of one round, without padding
 * @param cells token positions that were computed in one round
 * @param seconds of each round
 * @param flopPerSecond of bare products
 * @param calls of the model
 * @param timeShares of the scoring threads, by what they did
 * @param probabilities of the first reviews [review][label]
 * @param residentMebibytes of the process after the rounds
 */
record Measurement(
    int reviews,
    long tokens,
    long cells,
    List<Double> seconds,
    Double flopPerSecond,
    CallTimes calls,
    Map<String, Double> timeShares,
    float[][] probabilities,
    Long residentMebibytes) {}
