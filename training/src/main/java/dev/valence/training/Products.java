package dev.valence.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/** How the large matrix products of training are computed. */
public enum Products {
  /** In single precision. */
  @JsonProperty("float32")
  FLOAT32,
  /**
   * Of factors rounded to 8 bits of precision, summed in single precision, and rounded again. About
   * twice as fast on a processor that has instructions for it (AVX512-BF16, AMX), slow on others.
   */
  @JsonProperty("bfloat16")
  BFLOAT16;

  /** The type of the factors. */
  Class<? extends TNumber> type() {
    return this == FLOAT32 ? TFloat32.class : TBfloat16.class;
  }

  /** A matrix as a factor, rounded perhaps. */
  Output<? extends TNumber> factor(Ops tf, Operand<TFloat32> matrix) {
    return this == FLOAT32 ? matrix.asOutput() : tf.dtypes.cast(matrix, TBfloat16.class).asOutput();
  }

  /**
   * The product of two matrices.
   *
   * @param a {@code [n, k]}
   * @param b {@code [k, m]}
   * @return {@code [n, m]}
   */
  Operand<TFloat32> of(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b) {
    return ofFactors(tf, factor(tf, a), factor(tf, b));
  }

  /**
   * The product with the first transposed.
   *
   * @param a {@code [k, n]}
   * @param b {@code [k, m]}
   * @return {@code [n, m]}
   */
  Operand<TFloat32> ofTransposed(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b) {
    return ofFactors(tf, factor(tf, a), factor(tf, b), MatMul.transposeA(true));
  }

  /** The product of two that are factors already. */
  Operand<TFloat32> ofFactors(Ops tf, Output<?> a, Output<?> b, MatMul.Options... options) {
    if (this == FLOAT32) {
      return tf.linalg.matMul(a.expect(TFloat32.class), b.expect(TFloat32.class), options);
    }
    Operand<TBfloat16> product =
        tf.linalg.matMul(a.expect(TBfloat16.class), b.expect(TBfloat16.class), options);
    return tf.dtypes.cast(product, TFloat32.class);
  }
}
