package dev.valence.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * One branch of a classifier's graph: the reviews that it is fed, and what it makes of them.
 *
 * <p>With a window, the beginnings of long reviews are read without gradient, their state carried
 * on, and the gradient goes through the last time steps only (Howard and Ruder, 2018, section 3.3:
 * BPTT for text classification, with one stretch that has a gradient). What is pooled covers the
 * whole review all the same, as in serving.
 */
final class ClassifierTower {
  private static final float LEAST_NORM = 1e-20f;

  private final Operand<TFloat32> table;
  private final AwdLstm encoder;
  private final Operand<TFloat32> embedded;
  private final AwdLstm.State carried;
  private final Operand<TFloat32> begun;
  private final Variables weights;
  private final Dropouts dropouts;
  private final int window;
  private final int padding;
  private final Placeholder<TInt32> beginnings;
  private final Placeholder<TInt32> tokens;
  private final Placeholder<TInt32> lengths;
  private final Placeholder<TFloat32> truth;
  private final Placeholder<TFloat32> counted;
  private final Reading plain;

  /**
   * What the branch makes of its reviews.
   *
   * @param end what the encoder gave, of the time steps that have a gradient
   * @param encoded its output {@code [time, batch, width]}, cut off from what gave it
   * @param head of this reading alone
   * @param pooled of each review {@code [batch, 3 * width]}
   * @param logits of each review {@code [batch, labels]}
   * @param loss sum over the counted reviews in nats
   */
  record Reading(
      AwdLstm.Output end,
      Operand<TFloat32> encoded,
      ClassifierHead head,
      Operand<TFloat32> pooled,
      Operand<TFloat32> logits,
      Operand<TFloat32> loss) {}

  /**
   * Adds the branch to the graph.
   *
   * @param layers of the encoder
   * @param products of the gradient
   * @param device that the gradient is computed on
   * @param window time steps at the end that the gradient goes through; 0 for all
   * @param padding id that fills a batch
   */
  ClassifierTower(
      Ops tf,
      Variables weights,
      int layers,
      Dropouts dropouts,
      Products products,
      Device device,
      int window,
      int padding) {
    this.dropouts = dropouts;
    this.window = window;
    this.padding = padding;
    tokens = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
    lengths = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    truth = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1)));
    counted = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
    encoder = new AwdLstm(tf, weights.layers(layers), dropouts, products, device);
    this.weights = weights;
    table = weights.get(Parameters.EMBEDDING);
    embedded = encoder.embed(table, tokens);
    if (window == 0) {
      beginnings = null;
      begun = null;
      carried = encoder.zeroState(tokens);
    } else {
      beginnings = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
      AwdLstm.Output beginning =
          encoder.read(encoder.embed(table, beginnings), encoder.zeroState(beginnings));
      begun = tf.stopGradient(beginning.raw());
      carried =
          new AwdLstm.State(
              withoutGradient(tf, beginning.state().cell()),
              withoutGradient(tf, beginning.state().hidden()));
    }
    plain = read(tf, embedded);
  }

  private Reading read(Ops tf, Operand<TFloat32> words) {
    AwdLstm.Output end = encoder.read(words, carried);
    // Cut off below, and with a head of its own: a disturbance depends on the plain reading's head,
    // and TensorFlow would follow that way through the encoder, whose gradient it does not know.
    Operand<TFloat32> encoded = tf.stopGradient(end.raw());
    ClassifierHead head = weights.head().copy(tf);
    Operand<TFloat32> sequence =
        begun == null ? encoded : tf.concat(List.of(begun, encoded), tf.constant(0));
    Operand<TFloat32> pooled = ClassifierHead.pool(tf, sequence, lengths);
    Operand<TFloat32> logits = head.logits(tf, pooled, dropouts);
    Operand<TFloat32> losses = tf.nn.softmaxCrossEntropyWithLogits(logits, truth).loss();
    return new Reading(
        end, encoded, head, pooled, logits, tf.sum(tf.math.mul(losses, counted), tf.array(0)));
  }

  private static List<Operand<TFloat32>> withoutGradient(Ops tf, List<Operand<TFloat32>> values) {
    return values.stream().<Operand<TFloat32>>map(tf::stopGradient).toList();
  }

  /** The reviews as they are. */
  Reading plain() {
    return plain;
  }

  /**
   * The reviews with their words moved, all together by a given length, to where the loss grows
   * fastest; what else is dropped stays the same.
   *
   * @param gradient of the plain reading's loss {@code [time, batch, width 0]}, as {@link
   *     #addGradients} gives it
   * @param length in lengths of a word's vector, the quadratic mean over the batch
   */
  Reading disturbed(Ops tf, Operand<TFloat32> gradient, double length) {
    Operand<TFloat32> wordLength =
        tf.math.sqrt(tf.math.mean(tf.sum(tf.math.square(embedded), tf.array(2)), tf.array(0, 1)));
    Operand<TFloat32> norm =
        tf.math.sqrt(tf.sum(tf.math.square(gradient), tf.array(0, 2), Sum.keepDims(true)));
    Operand<TFloat32> direction =
        tf.math.div(gradient, tf.math.maximum(norm, tf.constant(LEAST_NORM)));
    Operand<TFloat32> step =
        tf.math.mul(direction, tf.math.mul(wordLength, tf.constant((float) length)));
    return read(tf, tf.math.add(embedded, tf.stopGradient(step)));
  }

  /**
   * Activation and temporal activation regularisation of the plain reading (Merity, McCann and
   * Socher, "Revisiting Activation Regularization for Language RNNs", equations 4 and 5): of each
   * review the mean over those of its time steps that have a gradient.
   *
   * @param alpha weight of the mean square of the encoder's output
   * @param beta weight of the mean square of its change from step to step
   * @return sum over the counted reviews
   */
  Operand<TFloat32> regularisation(Ops tf, double alpha, double beta) {
    Operand<TFloat32> outputs = plain.encoded();
    Operand<TInt32> start = begun == null ? tf.constant(0) : ClassifierHead.steps(tf, begun);
    Operand<TInt32> end = tf.math.add(start, ClassifierHead.steps(tf, outputs));
    Operand<TInt32> positions = tf.expandDims(tf.range(start, end, tf.constant(1)), tf.constant(1));
    Operand<TFloat32> inside =
        tf.dtypes.cast(
            tf.math.less(positions, tf.expandDims(lengths, tf.constant(0))), TFloat32.class);
    Operand<TFloat32> laterInside = tf.slice(inside, tf.array(1, 0), tf.array(-1, -1));
    Operand<TFloat32> ofEach =
        tf.math.add(
            tf.math.mul(tf.constant((float) alpha), meanSquare(tf, outputs, inside)),
            tf.math.mul(
                tf.constant((float) beta),
                meanSquare(tf, AwdLstm.changes(tf, outputs), laterInside)));
    return tf.sum(tf.math.mul(ofEach, counted), tf.array(0));
  }

  /**
   * @param values {@code [time, batch, width]}
   * @param inside 1 where they count, else 0 {@code [time, batch]}
   * @return of each review {@code [batch]}; 0 of one where nothing counts
   */
  private static Operand<TFloat32> meanSquare(
      Ops tf, Operand<TFloat32> values, Operand<TFloat32> inside) {
    Operand<TFloat32> squares = tf.math.mean(tf.math.square(values), tf.array(2));
    return tf.math.div(
        tf.sum(tf.math.mul(squares, inside), tf.array(0)),
        tf.math.maximum(tf.sum(inside, tf.array(0)), tf.constant(1f)));
  }

  /**
   * Takes the gradient of what is to become less on to all weights.
   *
   * @param loss made of the reading's loss
   * @param sum is given those of the weights
   * @return that of the words {@code [time, batch, width 0]}
   */
  Operand<TFloat32> addGradients(Ops tf, Reading reading, Operand<TFloat32> loss, GradientSum sum) {
    Map<String, Operand<TFloat32>> trained = reading.head().trained();
    List<Operand<TFloat32>> at = new ArrayList<>(trained.values());
    at.add(reading.encoded());
    List<Operand<TFloat32>> gradients = Gradients.of(tf, loss, at);
    int next = 0;
    for (String name : trained.keySet()) {
      sum.add(name, gradients.get(next++));
    }
    AwdLstm.Gradient gradient = encoder.gradient(reading.end(), gradients.get(next));
    sum.add(gradient.layers());
    sum.add(Parameters.EMBEDDING, Gradients.through(tf, embedded, table, gradient.embedded()));
    return gradient.embedded();
  }

  /**
   * Gives the branch its reviews.
   *
   * @param reviews at least one
   * @param count whether they count towards the loss, or only fill the branch
   */
  void feed(
      Session.Runner runner,
      StepTensors tensors,
      List<ReviewBatches.Encoded> reviews,
      boolean count) {
    int size = reviews.size();
    int[] ends = reviews.stream().mapToInt(review -> review.ids().length).toArray();
    int time = Arrays.stream(ends).max().orElseThrow();
    int start = 0;
    if (window > 0) {
      // Neither part may be empty: the begin token is read without gradient in any case.
      start = Math.max(1, Arrays.stream(ends).min().orElseThrow() - window);
      time = Math.max(time, start + 1);
      runner.feed(
          beginnings, tensors.ints(ReviewBatches.padded(reviews, 0, start, padding), start, size));
    }
    float[] weights = new float[size];
    Arrays.fill(weights, count ? 1 : 0);
    runner
        .feed(
            tokens,
            tensors.ints(ReviewBatches.padded(reviews, start, time, padding), time - start, size))
        .feed(lengths, tensors.ints(ends, size))
        .feed(truth, tensors.floats(truths(reviews), size, reviews.get(0).truth().length))
        .feed(counted, tensors.floats(weights, size));
  }

  /** {@code [batch * labels]}, row by row. */
  private static float[] truths(List<ReviewBatches.Encoded> reviews) {
    int labels = reviews.get(0).truth().length;
    float[] truths = new float[reviews.size() * labels];
    for (int i = 0; i < reviews.size(); i++) {
      System.arraycopy(reviews.get(i).truth(), 0, truths, i * labels, labels);
    }
    return truths;
  }
}
