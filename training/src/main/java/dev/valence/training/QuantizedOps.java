package dev.valence.training;

import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * Operations on eight-bit codes, which TensorFlow's Java types do not know: their tensors pass
 * between them as {@link Output}s of no type.
 *
 * <p>The product is {@code _QuantizedMatMul}, the operation that TensorFlow's own optimizer makes
 * of quantized graphs (oneDNN; mkl_matmul_op_fused.cc). Unlike the public {@code
 * QuantizedMatMulWithBiasAndDequantize} it takes a step for each column, applies an activation to
 * the product before it is written, packs constant weights once, and works without the rewriting
 * that TensorFlow leaves out on processors without VNNI.
 *
 * <p>What is multiplied by weights has codes without a sign, {@link QuantizedWeights#ZERO} standing
 * for the value 0, as the instructions of x86 want them (VPDPBUSD and, without VNNI, VPMADDUBSW).
 * Signed ones take oneDNN up to seven times as long without VNNI.
 */
final class QuantizedOps {
  private static final float LARGEST = QuantizedWeights.LARGEST;
  private static final float LARGEST_UNSIGNED = 255;

  private final Ops tf;

  QuantizedOps(Ops tf) {
    this.tf = tf;
  }

  /** Bytes as codes of weights, nothing copied. */
  Output<?> weightCodes(Operand<TUint8> bytes) {
    return bitcast(bytes.asOutput(), DataType.DT_QINT8);
  }

  /** Bytes as codes without a sign, nothing copied. */
  Output<?> codes(Operand<TUint8> bytes) {
    return bitcast(bytes.asOutput(), DataType.DT_QUINT8);
  }

  /** Codes as bytes, nothing copied: Java knows their type. */
  Operand<TUint8> bytes(Output<?> codes) {
    return bitcast(codes, DataType.DT_UINT8).expect(TUint8.class);
  }

  /** Signed codes to those without a sign, as bytes both. */
  Operand<TUint8> unsigned(Operand<TUint8> signed) {
    return tf.bitwise.bitwiseXor(signed, tf.constant((byte) QuantizedWeights.ZERO));
  }

  /** Values of codes without a sign, as exact as {@link #quantize} made them. */
  Operand<TFloat32> values(Operand<TUint8> bytes) {
    Operand<TFloat32> codes = tf.dtypes.cast(bytes, TFloat32.class);
    return tf.math.div(
        tf.math.sub(codes, tf.constant((float) QuantizedWeights.ZERO)), tf.constant(LARGEST));
  }

  /** Codes of values from -1 to 1: 127 times the value, rounded to the nearest, and 128. */
  Output<?> quantize(Operand<TFloat32> values) {
    return tf.scope()
        .opBuilder("QuantizeV2", "Quantize")
        .addInput(values.asOutput())
        .addInput(tf.constant(-QuantizedWeights.ZERO / LARGEST).asOutput())
        .addInput(tf.constant(1f).asOutput())
        .setAttr("T", DataType.DT_QUINT8)
        .setAttr("mode", "MIN_FIRST")
        .build()
        .output(0);
  }

  /** {@code [rows, a]} and {@code [rows, b]} to {@code [rows, a + b]}. */
  Output<?> concat(Output<?> left, Output<?> right) {
    return tf.scope()
        .opBuilder("ConcatV2", "Concat")
        .addInputList(new Output<?>[] {left, right})
        .addInput(tf.constant(1).asOutput())
        .setAttr("T", DataType.DT_QUINT8)
        .build()
        .output(0);
  }

  /**
   * {@code sigmoid(codes * weights * steps + bias)}.
   *
   * @param codes without a sign {@code [rows, k]}
   * @param weights codes {@code [k, columns]} that never change
   * @param steps value of a product of two codes, by column; constants, since oneDNN's primitives
   *     are found again by the address of what they are multiplied by
   * @param bias less what {@link QuantizedWeights#ZERO} in each code adds {@code [columns]}
   * @return {@code [rows, columns]}
   */
  Operand<TFloat32> sigmoid(Output<?> codes, Output<?> weights, float[] steps, float[] bias) {
    DataType real = DataType.DT_FLOAT;
    Output<?>[] ranges = {
      tf.constant(0f).asOutput(),
      tf.constant(LARGEST_UNSIGNED).asOutput(),
      tf.constant(times(steps, -LARGEST)).asOutput(),
      tf.constant(times(steps, LARGEST)).asOutput()
    };
    return tf.scope()
        .opBuilder("_QuantizedMatMul", "QuantizedMatMul")
        .addInputList(new Output<?>[] {codes, weights, tf.constant(bias).asOutput()})
        .addInputList(ranges)
        .setAttr("Tdevice_inputs", new DataType[] {DataType.DT_QUINT8, DataType.DT_QINT8, real})
        .setAttr("Thost_inputs", new DataType[] {real, real, real, real})
        .setAttr("Tdevice_outputs", new DataType[] {real})
        .setAttr("Thost_outputs", new DataType[0])
        .setAttr("T1", DataType.DT_QUINT8)
        .setAttr("T2", DataType.DT_QINT8)
        .setAttr("Tbias", real)
        .setAttr("U", real)
        .setAttr("Tout", real)
        .setAttr("is_weight_const", true)
        .setAttr("fused_ops", new String[] {"BiasAdd", "Sigmoid", "Dequantize"})
        .build()
        .<TFloat32>output(0);
  }

  /** Signed codes, as bytes, as the numbers from -128 to 127 that they stand for. */
  Operand<TFloat32> numbers(Operand<TUint8> bytes) {
    return tf.scope()
        .opBuilder("Cast", "Widen")
        .addInput(bitcast(bytes.asOutput(), DataType.DT_INT8))
        .setAttr("SrcT", DataType.DT_INT8)
        .setAttr("DstT", DataType.DT_FLOAT)
        .build()
        .<TFloat32>output(0);
  }

  private static float[] times(float[] steps, float factor) {
    float[] products = new float[steps.length];
    for (int i = 0; i < steps.length; i++) {
      products[i] = steps[i] * factor;
    }
    return products;
  }

  private Output<?> bitcast(Output<?> values, DataType type) {
    return tf.scope()
        .opBuilder("Bitcast", "Bitcast")
        .addInput(values)
        .setAttr("type", type)
        .build()
        .output(0);
  }
}
