package dev.valence.model;

import java.util.Locale;

/** How exactly a model computes. */
public enum Precision {
  /** What is fastest on this machine, measured when the model is loaded. */
  AUTO,
  /** In floats of 32 bits. */
  FP32,
  /** With products of eight-bit integers; a model must bring a graph for it. */
  INT8;

  /** As it is written in configuration: lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
