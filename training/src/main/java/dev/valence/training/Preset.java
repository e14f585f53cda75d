package dev.valence.training;

import java.util.Map;

/** Sets of hyper-parameters that go by one name. */
public enum Preset {
  /** The experiment of 2017 that Valence started from. */
  SEED {
    @Override
    public Hyperparameters languageModel() {
      return Hyperparameters.fromJson(
          """
          {"bs": 64, "bptt": 70, "min_freq": 10, "max_vocab": 60000, "em_sz": 200, "nh": 500, "nl": 3,
           "dropouti": 0.05, "dropout": 0.05, "wdrop": 0.1, "dropoute": 0.02, "dropouth": 0.05,
           "drop_mult": 1, "alpha": 2, "beta": 1, "clip": 0.3, "lr": 3e-3, "lr_decay": 1,
           "beta1": 0.7, "beta2": 0.99, "wds": 1e-6, "warmup": 0, "cycles": 4, "cycle_len": 1,
           "cycle_mult": 2, "frozen": 0, "frozen_lr": 0, "candidates": 4096, "head_size": 0,
           "max_tokens": 0, "seed": 1}
          """);
    }

    @Override
    public Hyperparameters classifier() {
      return Hyperparameters.fromJson(
          """
          {"bs": 64, "bptt": 70, "min_freq": 10, "max_vocab": 60000, "em_sz": 200, "nh": 500, "nl": 3,
           "dropouti": 0.4, "dropout": 0.1, "wdrop": 0.5, "dropoute": 0.05, "dropouth": 0.3,
           "drop_mult": 1, "alpha": 2, "beta": 1, "clip": 25, "lr": 1e-2, "lr_decay": 2.6,
           "beta1": 0.7, "beta2": 0.99, "wds": 1e-6, "warmup": 0, "cycles": 7, "cycle_len": 2,
           "cycle_mult": 1, "frozen": 1, "frozen_lr": 5e-3, "candidates": 0, "head_size": 50,
           "max_tokens": 1000, "seed": 1}
          """);
    }
  },
  /**
   * ULMFiT (Howard and Ruder, ACL 2018, section 4.1): its layers of 400, 1150, 1150 and 400, its
   * learning rate and slanted triangle (cut_frac 0.1, ratio 32). The language model has the
   * dropouts of its released {@code finetune_lm.py}, since the paper's own are the classifier's,
   * whose head learns alone for one epoch, then one layer group more every epoch; both have the
   * activation regularisation of the released code.
   */
  ULMFIT {
    @Override
    public Hyperparameters languageModel() {
      return Hyperparameters.fromJson(
          """
          {"bs": 64, "bptt": 70, "min_freq": 2, "max_vocab": 60000, "em_sz": 400, "nh": 1150, "nl": 3,
           "dropouti": 0.25, "dropout": 0.1, "wdrop": 0.2, "dropoute": 0.02, "dropouth": 0.15,
           "drop_mult": 1, "alpha": 2, "beta": 1, "clip": 0.3, "lr": 4e-3, "lr_decay": 1,
           "beta1": 0.7, "beta2": 0.99, "wds": 1e-7, "schedule": "slanted_triangular",
           "warmup": 0.1, "ratio": 32, "cycles": 1, "cycle_len": 15, "cycle_mult": 1,
           "frozen": 0, "frozen_lr": 0, "candidates": 4096, "head_size": 0, "max_tokens": 0,
           "seed": 1}
          """);
    }

    @Override
    public Hyperparameters classifier() {
      return Hyperparameters.fromJson(
          """
          {"bs": 64, "bptt": 70, "min_freq": 2, "max_vocab": 60000, "em_sz": 400, "nh": 1150, "nl": 3,
           "dropouti": 0.4, "dropout": 0.4, "wdrop": 0.5, "dropoute": 0.05, "dropouth": 0.3,
           "drop_mult": 1, "alpha": 2, "beta": 1, "clip": 25, "lr": 1e-2, "lr_decay": 2.6,
           "beta1": 0.7, "beta2": 0.99, "wds": 1e-7, "schedule": "slanted_triangular",
           "warmup": 0.1, "ratio": 32, "cycles": 1, "cycle_len": 10, "cycle_mult": 1,
           "frozen": 1, "frozen_lr": 1e-2, "unfreeze": 1, "candidates": 0, "head_size": 50, "max_tokens": 1000,
           "seed": 1}
          """);
    }
  },
  /**
   * For some hundred reviews of one's own, on top of a language model of many others. The language
   * model is adapted in few epochs at a low rate, rare words included; the classifier learns in
   * small batches, so that there are steps enough, the head alone first, and then lower layers at
   * far lower rates.
   */
  SMALL {
    @Override
    public Hyperparameters languageModel() {
      return SEED.languageModel()
          .with(
              Map.of(
                  "bs",
                  "16",
                  "min_freq",
                  "2",
                  "cycles",
                  "1",
                  "cycle_len",
                  "4",
                  "lr",
                  "0.001",
                  "warmup",
                  "0.1",
                  "drop_mult",
                  "0.5"));
    }

    @Override
    public Hyperparameters classifier() {
      return SEED.classifier()
          .with(
              Map.ofEntries(
                  Map.entry("bs", "16"),
                  Map.entry("min_freq", "2"),
                  Map.entry("frozen", "1"),
                  Map.entry("frozen_lr", "0.003"),
                  Map.entry("cycles", "1"),
                  Map.entry("cycle_len", "6"),
                  Map.entry("warmup", "0.1"),
                  Map.entry("lr", "0.001"),
                  Map.entry("lr_decay", "2"),
                  Map.entry("drop_mult", "0.5"),
                  Map.entry("alpha", "0"),
                  Map.entry("beta", "0"),
                  Map.entry("clip", "1"),
                  Map.entry("wds", "0.01"),
                  Map.entry("max_tokens", "400")));
    }
  },
  /**
   * For an hour on two cores, which goes further with these numbers than with the experiment's own:
   * narrower layers, large batches, few epochs, weaker dropout. The classifier's numbers are for
   * whoever has some ten thousand judged reviews, and soft labels for others ({@code
   * training/RESULTS.md}).
   */
  VALENCE {
    @Override
    public Hyperparameters languageModel() {
      return SEED.languageModel()
          .with(
              Map.ofEntries(
                  Map.entry("nh", "400"),
                  Map.entry("bs", "128"),
                  Map.entry("candidates", "1500"),
                  Map.entry("drop_mult", "0.4"),
                  Map.entry("cycles", "1"),
                  Map.entry("cycle_len", "2.2"),
                  Map.entry("lr", "0.005"),
                  Map.entry("warmup", "0.05")));
    }

    @Override
    public Hyperparameters classifier() {
      return SEED.classifier()
          .with(
              Map.ofEntries(
                  Map.entry("nh", "400"),
                  Map.entry("frozen", "0.3"),
                  Map.entry("frozen_lr", "0.003"),
                  Map.entry("cycles", "1"),
                  Map.entry("cycle_len", "2"),
                  Map.entry("warmup", "0.06"),
                  Map.entry("lr", "0.003"),
                  Map.entry("lr_decay", "1.3"),
                  Map.entry("drop_mult", "0.3"),
                  Map.entry("alpha", "0"),
                  Map.entry("beta", "0"),
                  Map.entry("clip", "1"),
                  Map.entry("wds", "0.01"),
                  Map.entry("max_tokens", "400")));
    }
  };

  public abstract Hyperparameters languageModel();

  public abstract Hyperparameters classifier();
}
