package dev.valence.training;

import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
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
  private final Operand<TFloat32> table;
  private final AwdLstm encoder;
  private final Operand<TFloat32> embedded;
  private final AwdLstm.Output end;
  private final int window;
  private final int padding;
  private final Placeholder<TInt32> beginnings;
  private final Placeholder<TInt32> tokens;
  private final Placeholder<TInt32> lengths;
  private final Placeholder<TFloat32> truth;
  private final Placeholder<TFloat32> counted;
  private final Operand<TFloat32> pooled;
  private final Operand<TFloat32> logits;
  private final Operand<TFloat32> loss;

  /**
   * Adds the branch to the graph.
   *
   * @param layers of the encoder
   * @param products of the gradient
   * @param window time steps at the end that the gradient goes through; 0 for all
   * @param padding id that fills a batch
   */
  ClassifierTower(
      Ops tf,
      Variables weights,
      int layers,
      Dropouts dropouts,
      Products products,
      int window,
      int padding) {
    this.window = window;
    this.padding = padding;
    tokens = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
    lengths = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    truth = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1)));
    counted = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
    encoder = new AwdLstm(tf, weights.layers(layers), dropouts, products);
    table = weights.get(Parameters.EMBEDDING);
    embedded = encoder.embed(table, tokens);
    Operand<TFloat32> sequence;
    if (window == 0) {
      beginnings = null;
      end = encoder.read(embedded, encoder.zeroState(tokens));
      sequence = end.raw();
    } else {
      beginnings = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
      AwdLstm.Output begun =
          encoder.read(encoder.embed(table, beginnings), encoder.zeroState(beginnings));
      AwdLstm.State carried =
          new AwdLstm.State(
              withoutGradient(tf, begun.state().cell()),
              withoutGradient(tf, begun.state().hidden()));
      end = encoder.read(embedded, carried);
      sequence = tf.concat(List.of(tf.stopGradient(begun.raw()), end.raw()), tf.constant(0));
    }
    pooled = ClassifierHead.pool(tf, sequence, lengths);
    logits = weights.head().logits(tf, pooled, dropouts);
    Operand<TFloat32> losses = tf.nn.softmaxCrossEntropyWithLogits(logits, truth).loss();
    loss = tf.sum(tf.math.mul(losses, counted), tf.array(0));
  }

  private static List<Operand<TFloat32>> withoutGradient(Ops tf, List<Operand<TFloat32>> values) {
    return values.stream().<Operand<TFloat32>>map(tf::stopGradient).toList();
  }

  /** Of each review {@code [batch, 3 * width]}. */
  Operand<TFloat32> pooled() {
    return pooled;
  }

  /** Of each review {@code [batch, labels]}. */
  Operand<TFloat32> logits() {
    return logits;
  }

  /** Sum over the counted reviews in nats. */
  Operand<TFloat32> loss() {
    return loss;
  }

  /** What the encoder gave, of the time steps that have a gradient {@code [time, batch, width]}. */
  Operand<TFloat32> encoded() {
    return end.raw();
  }

  /**
   * Takes the gradient of a loss on to the encoder's weights.
   *
   * @param encodedGradient like {@link #encoded()}
   * @param sum is given those of the weights
   */
  void addGradients(Ops tf, Operand<TFloat32> encodedGradient, GradientSum sum) {
    AwdLstm.Gradient gradient = encoder.gradient(end, encodedGradient);
    sum.add(gradient.layers());
    sum.add(Parameters.EMBEDDING, Gradients.through(tf, embedded, table, gradient.embedded()));
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
