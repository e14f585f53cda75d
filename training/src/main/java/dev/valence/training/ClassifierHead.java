package dev.valence.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What stands above the encoder in a classifier: {@code [last, max, mean]} pooling over a review's
 * own time steps (Howard and Ruder, 2018, section 3.3), each feature brought to mean 0 and
 * deviation 1, a hidden layer of rectifiers, and a logit for each label.
 *
 * <p>The peers normalise each batch. Here mean and deviation are measured once over training
 * reviews, with the language model's weights, and stay: without them the features of two reviews
 * differ too little for the head to learn from, and measured once they are the same in training and
 * in serving.
 *
 * @param mean of each feature {@code [3 * width]}
 * @param scale one by each feature's deviation {@code [3 * width]}
 * @param hiddenWeights {@code [3 * width, head size]}
 * @param hiddenBias {@code [head size]}
 * @param labelWeights {@code [head size, labels]}
 * @param labelBias {@code [labels]}
 */
record ClassifierHead(
    Operand<TFloat32> mean,
    Operand<TFloat32> scale,
    Operand<TFloat32> hiddenWeights,
    Operand<TFloat32> hiddenBias,
    Operand<TFloat32> labelWeights,
    Operand<TFloat32> labelBias) {
  static final String MEAN = "features.mean";
  static final String SCALE = "features.scale";
  static final String HIDDEN_WEIGHTS = "head.hidden.weights";
  static final String HIDDEN_BIAS = "head.hidden.bias";
  static final String LABEL_WEIGHTS = "head.label.weights";
  static final String LABEL_BIAS = "head.label.bias";

  private static final int POOLED = 300;
  private static final int HIDDEN = 301;
  private static final double HIDDEN_DROPOUT = 0.1;
  private static final float FAR_BELOW = -1e9f;
  private static final double LEAST_VARIANCE = 1e-3;

  /** Fresh weights for a number of labels. */
  static Parameters parameters(Hyperparameters numbers, int labels) {
    Random random = new Random(numbers.seed() + 1);
    Map<String, Parameters.Array> arrays = new LinkedHashMap<>();
    arrays.put(MEAN, Parameters.zeros(3 * numbers.emSz()));
    arrays.put(SCALE, Parameters.zeros(3 * numbers.emSz()));
    arrays.put(HIDDEN_WEIGHTS, Parameters.dense(random, 3 * numbers.emSz(), numbers.headSize()));
    arrays.put(HIDDEN_BIAS, Parameters.zeros(numbers.headSize()));
    arrays.put(LABEL_WEIGHTS, Parameters.dense(random, numbers.headSize(), labels));
    arrays.put(LABEL_BIAS, Parameters.zeros(labels));
    return new Parameters(arrays);
  }

  /** The same weights as nodes of their own. */
  ClassifierHead copy(Ops tf) {
    return new ClassifierHead(
        tf.identity(mean),
        tf.identity(scale),
        tf.identity(hiddenWeights),
        tf.identity(hiddenBias),
        tf.identity(labelWeights),
        tf.identity(labelBias));
  }

  /** All weights, by name. */
  Map<String, Operand<TFloat32>> byName() {
    Map<String, Operand<TFloat32>> all = new LinkedHashMap<>();
    all.put(MEAN, mean);
    all.put(SCALE, scale);
    all.putAll(trained());
    return all;
  }

  /** What learns, by name. */
  Map<String, Operand<TFloat32>> trained() {
    Map<String, Operand<TFloat32>> trained = new LinkedHashMap<>();
    trained.put(HIDDEN_WEIGHTS, hiddenWeights);
    trained.put(HIDDEN_BIAS, hiddenBias);
    trained.put(LABEL_WEIGHTS, labelWeights);
    trained.put(LABEL_BIAS, labelBias);
    return trained;
  }

  /** The head's logits {@code [batch, labels]} for what {@link #pool} gave. */
  Operand<TFloat32> logits(Ops tf, Operand<TFloat32> pooled, Dropouts dropouts) {
    Operand<TFloat32> standard = tf.math.mul(tf.math.sub(pooled, mean), scale);
    Operand<TFloat32> dropped = dropouts.features(tf, standard, dropouts.output(), POOLED);
    Operand<TFloat32> hidden =
        tf.nn.relu(tf.math.add(tf.linalg.matMul(dropped, hiddenWeights), hiddenBias));
    double share = dropouts.output() == 0 ? 0 : HIDDEN_DROPOUT;
    return tf.math.add(
        tf.linalg.matMul(dropouts.features(tf, hidden, share, HIDDEN), labelWeights), labelBias);
  }

  /**
   * Pools what the encoder gave, so that padding changes nothing.
   *
   * @param sequence {@code [time, batch, width]}
   * @param lengths {@code [batch]}, each at least 1
   * @return {@code [batch, 3 * width]}
   */
  static Operand<TFloat32> pool(Ops tf, Operand<TFloat32> sequence, Operand<TInt32> lengths) {
    Operand<TInt32> positions =
        tf.expandDims(
            tf.range(tf.constant(0), steps(tf, sequence), tf.constant(1)), tf.constant(1));
    Operand<TInt32> ends = tf.expandDims(lengths, tf.constant(0));
    Operand<TFloat32> inside = mask(tf, tf.math.less(positions, ends));
    Operand<TFloat32> atEnd = mask(tf, tf.math.equal(positions, tf.math.sub(ends, tf.constant(1))));

    Operand<TFloat32> last = tf.sum(tf.math.mul(sequence, atEnd), tf.array(0));
    Operand<TFloat32> outside =
        tf.math.mul(tf.math.sub(tf.constant(1f), inside), tf.constant(FAR_BELOW));
    Operand<TFloat32> max = tf.reduceMax(tf.math.add(sequence, outside), tf.array(0));
    Operand<TFloat32> count =
        tf.expandDims(tf.dtypes.cast(lengths, TFloat32.class), tf.constant(1));
    Operand<TFloat32> mean = tf.math.div(tf.sum(tf.math.mul(sequence, inside), tf.array(0)), count);
    return tf.concat(List.of(last, max, mean), tf.constant(1));
  }

  /** Number of time steps of {@code [time, batch, width]}. */
  static Operand<TInt32> steps(Ops tf, Operand<TFloat32> sequence) {
    return tf.reshape(tf.slice(tf.shape(sequence), tf.array(0), tf.array(1)), tf.array(new int[0]));
  }

  /**
   * Mean and scale of features.
   *
   * @param pooled what {@link #pool} gave for training reviews {@code [review][3 * width]}
   */
  static Parameters standardisation(List<float[]> pooled) {
    int features = pooled.get(0).length;
    float[] mean = new float[features];
    float[] scale = new float[features];
    for (int feature = 0; feature < features; feature++) {
      double sum = 0;
      double squares = 0;
      for (float[] review : pooled) {
        sum += review[feature];
        squares += (double) review[feature] * review[feature];
      }
      double center = sum / pooled.size();
      double variance = squares / pooled.size() - center * center;
      mean[feature] = (float) center;
      scale[feature] = (float) (1 / Math.sqrt(Math.max(variance, LEAST_VARIANCE)));
    }
    Map<String, Parameters.Array> arrays = new LinkedHashMap<>();
    arrays.put(MEAN, new Parameters.Array(new long[] {features}, mean));
    arrays.put(SCALE, new Parameters.Array(new long[] {features}, scale));
    return new Parameters(arrays);
  }

  /** {@code [time, batch]} of truth to {@code [time, batch, 1]} of ones and zeros. */
  private static Operand<TFloat32> mask(Ops tf, Operand<TBool> truth) {
    return tf.expandDims(tf.dtypes.cast(truth, TFloat32.class), tf.constant(2));
  }
}
