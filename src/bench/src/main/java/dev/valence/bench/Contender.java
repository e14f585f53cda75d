package dev.valence.bench;

import dev.valence.model.Precision;
import java.util.Locale;

/** What is measured, under the letters of the table. */
enum Contender {
  A("a", "fp32", "bare matrix product", Feeding.NONE, null),
  B("b", "fp32", "SavedModel, one review at a time", Feeding.ALONE, "a"),
  C("c", "fp32", "SavedModel, padded batches of 64 as they come", Feeding.ARRIVAL, "b"),
  D_FP32("d", "fp32", "Valence, planned batches in chunks", Feeding.PLANNED, "c"),
  D_INT8("d", "int8", "Valence, planned batches in chunks", Feeding.PLANNED, "d_fp32"),
  E_FP32("e", "fp32", "Valence, Kafka to Kafka", Feeding.TOPIC, "d_fp32"),
  E_INT8("e", "int8", "Valence, Kafka to Kafka", Feeding.TOPIC, "d_int8"),
  F("f", "fp32", "plain Kafka Streams, mapValues with the SavedModel", Feeding.TOPIC, "e_fp32"),
  TORCH("g", "pytorch_fp32_64", "PyTorch, batches of 64", Feeding.PADDED, "d_fp32"),
  ONNX("g", "onnxruntime_fp32_64", "ONNX Runtime, batches of 64", Feeding.PADDED, "d_fp32"),
  ONNX_INT8(
      "g",
      "onnxruntime_int8_64",
      "ONNX Runtime, batches of 64, dynamic int8",
      Feeding.PADDED,
      "d_int8"),
  TORCH_ALONE("g", "pytorch_fp32_1", "PyTorch, one review at a time", Feeding.ALONE, "b"),
  ONNX_ALONE("g", "onnxruntime_fp32_1", "ONNX Runtime, one review at a time", Feeding.ALONE, "b"),
  ONNX_INT8_ALONE(
      "g",
      "onnxruntime_int8_1",
      "ONNX Runtime, one review at a time, dynamic int8",
      Feeding.ALONE,
      "b");

  /** How reviews come together. */
  enum Feeding {
    NONE,
    ALONE,
    ARRIVAL,
    PLANNED,
    PADDED,
    TOPIC
  }

  private final String letter;
  private final String variant;
  private final String what;
  private final Feeding feeding;
  private final String neighbour;

  Contender(String letter, String variant, String what, Feeding feeding, String neighbour) {
    this.letter = letter;
    this.variant = variant;
    this.what = what;
    this.feeding = feeding;
    this.neighbour = neighbour;
  }

  /** A letter of the table. */
  String letter() {
    return letter;
  }

  /** Tells those of one letter apart. */
  String variant() {
    return variant;
  }

  /** In words. */
  String what() {
    return what;
  }

  Feeding feeding() {
    return feeding;
  }

  /** Where reviews are slow to score, fewer of them must do: one in so many. */
  int divisor() {
    if (feeding == Feeding.ALONE || this == F) {
      return 8;
    }
    return feeding == Feeding.ARRIVAL ? 4 : 1;
  }

  Precision precision() {
    return eightBits() ? Precision.INT8 : Precision.FP32;
  }

  boolean eightBits() {
    return variant.contains("int8");
  }

  /** The letter, and the variant where the letter has several. */
  String key() {
    return switch (this) {
      case A, B, C, F -> letter;
      default -> letter + "_" + variant;
    };
  }

  /** Whether it is another engine. */
  boolean isPeer() {
    return letter.equals("g");
  }

  /** Key of what it is compared with; null for the first. */
  String neighbour() {
    return neighbour;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s (%s, %s)", letter, what, eightBits() ? "int8" : "fp32");
  }
}
