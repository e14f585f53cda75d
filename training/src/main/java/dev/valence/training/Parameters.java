package dev.valence.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.tensorflow.EagerSession;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * Named weights outside any graph: what is initialised, carried from the language model to the
 * classifier, and written down.
 *
 * <p>Files are TensorFlow's own tensor bundles ({@code prefix.index}, {@code prefix.data-*}) in
 * half precision.
 */
public record Parameters(Map<String, Array> byName) {

  /** Row-major values of a tensor of {@code shape}. */
  public record Array(long[] shape, float[] values) {
    /** Size of the last dimension. */
    int columns() {
      return Math.toIntExact(shape[shape.length - 1]);
    }
  }

  private static final int GATES = 4;

  static final String EMBEDDING = "embedding";
  static final String DECODER_BIAS = "decoder.bias";

  public Parameters {
    byName = new LinkedHashMap<>(byName);
  }

  static String lstm(int layer, String part) {
    return "lstm." + layer + "." + part;
  }

  /**
   * Fresh weights of a language model: the embedding uniform in ±0.1, the LSTMs uniform in
   * ±1/√width (both as in the AWD-LSTM's release), forget gates opened by a bias of 1 (Jozefowicz
   * et al., ICML 2015).
   */
  static Parameters languageModel(Hyperparameters numbers, int vocabulary) {
    Random random = new Random(numbers.seed());
    Map<String, Array> arrays = new LinkedHashMap<>();
    arrays.put(EMBEDDING, uniform(random, 0.1, vocabulary, numbers.emSz()));
    int[] widths = numbers.widths();
    for (int i = 0; i < numbers.nl(); i++) {
      int width = widths[i + 1];
      double bound = 1 / Math.sqrt(width);
      arrays.put(lstm(i, "input"), uniform(random, bound, widths[i], GATES * width));
      arrays.put(lstm(i, "hidden"), uniform(random, bound, width, GATES * width));
      float[] bias = new float[GATES * width];
      Arrays.fill(bias, width, 2 * width, 1); // gates in the order i, f, c, o
      arrays.put(lstm(i, "bias"), new Array(new long[] {GATES * width}, bias));
    }
    arrays.put(DECODER_BIAS, zeros(vocabulary));
    return new Parameters(arrays);
  }

  /** Fresh weights {@code [rows, columns]} of a layer of rectifiers (He et al., ICCV 2015). */
  static Array dense(Random random, int rows, int columns) {
    return uniform(random, Math.sqrt(6.0 / rows), rows, columns);
  }

  /** Zeros {@code [size]}. */
  static Array zeros(int size) {
    return new Array(new long[] {size}, new float[size]);
  }

  private static Array zeros(int rows, int columns) {
    return new Array(new long[] {rows, columns}, new float[rows * columns]);
  }

  private static Array uniform(Random random, double bound, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return new Array(new long[] {rows, columns}, values);
  }

  /** Differs between weights that differ, at the cost of a look at each. */
  String fingerprint() {
    int hash = 0;
    for (Map.Entry<String, Array> array : byName.entrySet()) {
      hash += array.getKey().hashCode() ^ Arrays.hashCode(array.getValue().values());
    }
    return Integer.toHexString(hash);
  }

  /** The weights that a classifier takes from a language model: all but the decoder's bias. */
  Parameters encoder() {
    Map<String, Array> arrays = new LinkedHashMap<>(byName);
    arrays.remove(DECODER_BIAS);
    return new Parameters(arrays);
  }

  /**
   * A language model's weights for a vocabulary with more words at its end, each of which starts as
   * the mean of those that are known (Howard and Ruder's {@code finetune_lm.py}).
   *
   * @param vocabulary number of words, not less than now
   */
  Parameters withWords(int vocabulary) {
    Map<String, Array> arrays = new LinkedHashMap<>(byName);
    arrays.replaceAll(
        (name, array) ->
            name.equals(EMBEDDING) || name.equals(DECODER_BIAS)
                ? padded(array, vocabulary)
                : array);
    return new Parameters(arrays);
  }

  /**
   * A language model's weights in wider layers, which predict what these do: the units that are new
   * take in at random, and what is there takes nothing in from them (as Net2WiderNet keeps what a
   * network computes, Chen, Goodfellow and Shlens, ICLR 2016).
   *
   * @param numbers of as many layers as now, none of them narrower
   */
  Parameters widened(Hyperparameters numbers) {
    int vocabulary = Math.toIntExact(byName.get(DECODER_BIAS).shape()[0]);
    Map<String, Array> arrays = new LinkedHashMap<>(languageModel(numbers, vocabulary).byName);
    // Zeros in the words' new columns, since they are the softmax's weights as well.
    arrays.put(EMBEDDING, zeros(vocabulary, numbers.emSz()));
    arrays.replaceAll(
        (name, fresh) -> {
          int blocks = name.equals(EMBEDDING) || name.equals(DECODER_BIAS) ? 1 : GATES;
          return within(fresh, byName.get(name), blocks);
        });
    return new Parameters(arrays);
  }

  /**
   * Lays weights into the corner of each of the blocks that stand side by side in larger ones, with
   * zeros below them.
   */
  private static Array within(Array larger, Array weights, int blocks) {
    int columns = weights.columns() / blocks;
    int largerColumns = larger.columns() / blocks;
    int rows = weights.values().length / weights.columns();
    float[] values = larger.values().clone();
    for (int row = 0; row < values.length / larger.columns(); row++) {
      for (int block = 0; block < blocks; block++) {
        int to = row * larger.columns() + block * largerColumns;
        if (row < rows) {
          int from = row * weights.columns() + block * columns;
          System.arraycopy(weights.values(), from, values, to, columns);
        } else {
          Arrays.fill(values, to, to + columns, 0);
        }
      }
    }
    return new Array(larger.shape(), values);
  }

  /** More rows, each the mean of those that are there. */
  private static Array padded(Array array, int rows) {
    int known = Math.toIntExact(array.shape()[0]);
    int width = array.values().length / known;
    double[] mean = new double[width];
    for (int i = 0; i < array.values().length; i++) {
      mean[i % width] += array.values()[i] / (double) known;
    }
    float[] values = Arrays.copyOf(array.values(), rows * width);
    for (int i = array.values().length; i < values.length; i++) {
      values[i] = (float) mean[i % width];
    }
    long[] shape = array.shape().clone();
    shape[0] = rows;
    return new Array(shape, values);
  }

  /**
   * The mean of weights of the same names and shapes.
   *
   * @param several at least one
   * @throws TrainingException if names or shapes differ
   */
  static Parameters mean(List<Parameters> several) {
    Map<String, Array> means = new LinkedHashMap<>();
    several
        .get(0)
        .byName
        .forEach(
            (name, first) ->
                means.put(name, new Array(first.shape(), new float[first.values().length])));
    for (Parameters one : several) {
      one.requireShapesOf(several.get(0));
      means.forEach(
          (name, mean) -> {
            float[] values = one.byName.get(name).values();
            for (int i = 0; i < values.length; i++) {
              mean.values()[i] += values[i] / several.size();
            }
          });
    }
    return new Parameters(means);
  }

  private void requireShapesOf(Parameters other) {
    if (!shapes().equals(other.shapes())) {
      throw new TrainingException(
          "weights of the shapes "
              + shapes()
              + " have no mean with others of "
              + other.shapes()
              + ". Take runs that went on from the same weights.");
    }
  }

  private Map<String, String> shapes() {
    Map<String, String> shapes = new TreeMap<>();
    byName.forEach((name, array) -> shapes.put(name, Arrays.toString(array.shape())));
    return shapes;
  }

  /** These weights, with those of {@code other} in place of the ones of the same names. */
  Parameters with(Parameters other) {
    Map<String, Array> merged = new LinkedHashMap<>(byName);
    merged.putAll(other.byName);
    return new Parameters(merged);
  }

  /**
   * Writes a tensor bundle in half precision.
   *
   * @param prefix the bundle's files are this path with endings of their own
   */
  void write(Path prefix) {
    try (EagerSession session = onProcessor()) {
      Ops tf = Ops.create(session);
      List<Operand<?>> tensors = new ArrayList<>();
      for (Array array : byName.values()) {
        tensors.add(
            tf.dtypes.cast(
                tf.constant(Shape.of(array.shape()), DataBuffers.of(array.values(), true, false)),
                TFloat16.class));
      }
      tf.train.save(tf.constant(prefix.toString()), names(tf), slices(tf), tensors);
    }
  }

  /**
   * Reads the weights that have the names of {@code like} from a bundle in half precision.
   *
   * @throws TrainingException if the bundle is not there, or holds other names or shapes: the
   *     checkpoint of another architecture
   */
  static Parameters read(Path prefix, Parameters like) {
    if (!Files.exists(Path.of(prefix + ".index"))) {
      throw new TrainingException(
          "no weights at " + prefix + ". Name the folder that `train lm` wrote.");
    }
    Map<String, Array> arrays = new LinkedHashMap<>();
    try (EagerSession session = onProcessor()) {
      Ops tf = Ops.create(session);
      List<Class<? extends TType>> types = new ArrayList<>();
      like.byName.forEach((name, array) -> types.add(TFloat16.class));
      List<Output<?>> tensors =
          tf.train
              .restore(tf.constant(prefix.toString()), like.names(tf), like.slices(tf), types)
              .tensors();
      int i = 0;
      for (Map.Entry<String, Array> entry : like.byName.entrySet()) {
        Array read = array(tf, tensors.get(i++).expect(TFloat16.class));
        if (!Arrays.equals(read.shape(), entry.getValue().shape())) {
          throw new TrainingException(
              entry.getKey()
                  + " is "
                  + Arrays.toString(read.shape())
                  + " in "
                  + prefix
                  + " but "
                  + Arrays.toString(entry.getValue().shape())
                  + " in this run: the weights are of another architecture or vocabulary. Use the numbers they were trained with.");
        }
        arrays.put(entry.getKey(), read);
      }
    } catch (TensorFlowException e) {
      throw new TrainingException(
          "the weights at "
              + prefix
              + " do not fit: "
              + e.getMessage()
              + ". Use the numbers they were trained with.",
          e);
    }
    return new Parameters(arrays);
  }

  /** On a card the first session of a process takes all memory, unless it was told otherwise. */
  private static EagerSession onProcessor() {
    return EagerSession.options().config(Device.CPU.config().build()).build();
  }

  private static Array array(Ops tf, Operand<TFloat16> half) {
    TFloat32 tensor = tf.dtypes.cast(half, TFloat32.class).asTensor();
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.copyTo(DataBuffers.of(values));
    return new Array(tensor.shape().asArray(), values);
  }

  private Operand<TString> names(Ops tf) {
    return tf.array(byName.keySet().toArray(String[]::new));
  }

  private Operand<TString> slices(Ops tf) {
    String[] whole = new String[byName.size()];
    Arrays.fill(whole, "");
    return tf.array(whole);
  }
}
