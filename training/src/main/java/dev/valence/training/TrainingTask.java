package dev.valence.training;

import java.util.Set;

/** What is trained, and which of the {@link Hyperparameters} would change nothing there. */
public enum TrainingTask {
  LANGUAGE_MODEL(
      "a classifier",
      Set.of(
          "lr_decay",
          "ema",
          "frozen",
          "frozen_lr",
          "unfreeze",
          "label_smoothing",
          "adversarial",
          "unlabelled",
          "head_size",
          "max_tokens",
          "max_len")),
  CLASSIFIER(
      "a language model that learns its words",
      Set.of("bptt", "candidates", "min_freq", "max_vocab")),

  /** A classifier without a model to start from, which makes its own vocabulary. */
  CLASSIFIER_FROM_NOTHING("a language model", Set.of("bptt", "candidates"));

  private final String other;
  private final Set<String> unread;

  TrainingTask(String other, Set<String> unread) {
    this.other = other;
    this.unread = unread;
  }

  /**
   * @param names of hyper-parameters, in snake case
   * @throws TrainingException if one of them is not read
   */
  public void requireRead(Set<String> names) {
    for (String name : names) {
      if (unread.contains(name)) {
        throw new TrainingException(
            "%s is a number of %s, and would change nothing here. Leave it out."
                .formatted(name, other));
      }
    }
  }
}
