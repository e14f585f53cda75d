package dev.valence.bench;

import static dev.valence.model.Precision.FP32;
import static dev.valence.model.Precision.INT8;

import dev.valence.model.Precision;
import java.util.Locale;

/** What is measured, under the letters of the table. */
enum Contender {
  A("a", FP32, "bare matrix product", Feeding.NONE, null),
  B("b", FP32, "SavedModel, one review at a time", Feeding.ALONE, A),
  C("c", FP32, "SavedModel, padded batches of 64 as they come", Feeding.ARRIVAL, B),
  D_FP32("d", FP32, "Valence, planned batches in chunks", Feeding.PLANNED, C),
  D_INT8("d", INT8, "Valence, planned batches in chunks", Feeding.PLANNED, D_FP32),
  E_FP32("e", FP32, "Valence, Kafka to Kafka", Feeding.TOPIC, D_FP32),
  E_INT8("e", INT8, "Valence, Kafka to Kafka", Feeding.TOPIC, D_INT8),
  F("f", FP32, "plain Kafka Streams, mapValues with the SavedModel", Feeding.TOPIC, E_FP32),
  TORCH("g", "pytorch_fp32_64", FP32, "PyTorch, batches of 64", Feeding.PADDED, D_FP32),
  ONNX("g", "onnxruntime_fp32_64", FP32, "ONNX Runtime, batches of 64", Feeding.PADDED, D_FP32),
  ONNX_INT8(
      "g",
      "onnxruntime_int8_64",
      INT8,
      "ONNX Runtime, batches of 64, dynamic int8",
      Feeding.PADDED,
      D_INT8),
  TORCH_ALONE("g", "pytorch_fp32_1", FP32, "PyTorch, one review at a time", Feeding.ALONE, B),
  ONNX_ALONE(
      "g", "onnxruntime_fp32_1", FP32, "ONNX Runtime, one review at a time", Feeding.ALONE, B),
  ONNX_INT8_ALONE(
      "g",
      "onnxruntime_int8_1",
      INT8,
      "ONNX Runtime, one review at a time, dynamic int8",
      Feeding.ALONE,
      B);

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
  private final Precision precision;
  private final String what;
  private final Feeding feeding;
  private final Contender neighbour;

  /** Of ours, whose variants are precisions. */
  Contender(String letter, Precision precision, String what, Feeding feeding, Contender neighbour) {
    this(letter, precision.toString(), precision, what, feeding, neighbour);
  }

  Contender(
      String letter,
      String variant,
      Precision precision,
      String what,
      Feeding feeding,
      Contender neighbour) {
    this.letter = letter;
    this.variant = variant;
    this.precision = precision;
    this.what = what;
    this.feeding = feeding;
    this.neighbour = neighbour;
  }

  boolean eightBits() {
    return precision == INT8;
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
    return precision;
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

  /** What it is compared with; null for the first. */
  Contender neighbour() {
    return neighbour;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s (%s, %s)", letter, what, precision);
  }
}
