package dev.valence.training.report;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * One epoch of a run.
 *
 * @param epoch counts from 1
 * @param steps updates made from the run's start to the epoch's end
 * @param trainingLoss of the last steps in nats, smoothed
 * @param validationLoss mean cross entropy in nats, of a token (language model) or of a review
 *     (classifier)
 * @param perplexity of the language model on the validation text; null for a classifier
 * @param accuracy of the classifier on the validation reviews, in [0, 1]; null for a language model
 * @param learningRate that was due in the middle of the epoch
 * @param tokensPerSecond learned from, without the time of validation
 * @param seconds that the epoch's steps took since its start, or since the run was resumed in it
 * @param residentBytes memory of the process at the epoch's end, native memory included: it should
 *     not grow from the second epoch on; null where it was not written down
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonPropertyOrder({
  "epoch",
  "steps",
  "trainingLoss",
  "validationLoss",
  "perplexity",
  "accuracy",
  "learningRate",
  "tokensPerSecond",
  "seconds",
  "residentBytes"
})
public record EpochFigures(
    int epoch,
    long steps,
    double trainingLoss,
    double validationLoss,
    Double perplexity,
    Double accuracy,
    double learningRate,
    double tokensPerSecond,
    double seconds,
    Long residentBytes) {}
