package dev.valence.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

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

  /**
   * The product of two matrices.
   *
   * @param a {@code [n, k]}
   * @param b {@code [k, m]}
   * @return {@code [n, m]}
   */
  Operand<TFloat32> of(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b) {
    return product(tf, a, b, false, false);
  }

  /**
   * The product with the first transposed.
   *
   * @param a {@code [k, n]}
   * @param b {@code [k, m]}
   * @return {@code [n, m]}
   */
  Operand<TFloat32> ofTransposed(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b) {
    return product(tf, a, b, true, false);
  }

  private Operand<TFloat32> product(
      Ops tf, Operand<TFloat32> a, Operand<TFloat32> b, boolean transposeA, boolean transposeB) {
    MatMul.Options[] options = {MatMul.transposeA(transposeA), MatMul.transposeB(transposeB)};
    if (this == FLOAT32) {
      return tf.linalg.matMul(a, b, options);
    }
    Operand<TBfloat16> product =
        tf.linalg.matMul(
            tf.dtypes.cast(a, TBfloat16.class), tf.dtypes.cast(b, TBfloat16.class), options);
    return tf.dtypes.cast(product, TFloat32.class);
  }
}
