package dev.valence.training;

/** Sets of hyper-parameters that go by one name. */
public enum Preset {
  /** The experiment of 2017 that Valence started from. */
  SEED {
    @Override
    public Hyperparameters languageModel() {
      return Hyperparameters.seedLanguageModel();
    }

    @Override
    public Hyperparameters classifier() {
      return Hyperparameters.seedClassifier();
    }
  },
  /** Howard and Ruder's ULMFiT: layers of 400, 1150, 1150 and 400. */
  ULMFIT {
    @Override
    public Hyperparameters languageModel() {
      return Hyperparameters.ulmfitLanguageModel();
    }

    @Override
    public Hyperparameters classifier() {
      return Hyperparameters.ulmfitClassifier();
    }
  },
  /** For some hundred reviews of one's own, on top of a language model of many others. */
  SMALL {
    @Override
    public Hyperparameters languageModel() {
      return Hyperparameters.smallLanguageModel();
    }

    @Override
    public Hyperparameters classifier() {
      return Hyperparameters.smallClassifier();
    }
  };

  public abstract Hyperparameters languageModel();

  public abstract Hyperparameters classifier();
}
