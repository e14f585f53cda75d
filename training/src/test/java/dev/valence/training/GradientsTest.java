package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

class GradientsTest {
  private static final int TIME = 5;
  private static final int BATCH = 2;

  @ParameterizedTest
  @EnumSource
  void agreeWithFiniteDifferencesForTwoLstmLayers(Device gradientsOf) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Weighted weights = new Weighted(tf);
      Operand<TFloat32> embedding = weights.add(7, 3);
      AwdLstm.Layer first =
          new AwdLstm.Layer(weights.add(3, 16), weights.add(4, 16), weights.add(16));
      AwdLstm.Layer second =
          new AwdLstm.Layer(weights.add(4, 8), weights.add(2, 8), weights.add(8));
      AwdLstm.State state =
          new AwdLstm.State(
              List.of(weights.add(BATCH, 4), weights.add(BATCH, 2)),
              List.of(weights.add(BATCH, 4), weights.add(BATCH, 2)));
      Dropouts dropouts = new Dropouts(tf.array(3, 4), 0, 0.3, 0.3, 0.3, 0.3, 0.3);
      AwdLstm lstm =
          new AwdLstm(tf, List.of(first, second), dropouts, Products.FLOAT32, gradientsOf);
      Operand<TInt32> tokens = tf.constant(new int[][] {{0, 1}, {2, 3}, {4, 5}, {6, 0}, {1, 1}});
      Operand<TFloat32> embedded = lstm.embed(embedding, tokens);
      AwdLstm.Output output = lstm.read(embedded, state);
      Operand<TFloat32> flat = tf.reshape(output.raw(), tf.array(TIME * BATCH, 2));
      Operand<TFloat32> loss = crossEntropy(tf, flat, new int[] {0, 1, 1, 0, 1, 1, 0, 1, 0, 0});
      AwdLstm.Gradient gradient =
          lstm.gradient(output, Gradients.of(tf, loss, List.of(output.raw())).get(0));

      List<Operand<TFloat32>> gradients = new ArrayList<>();
      gradients.add(Gradients.through(tf, embedded, embedding, gradient.embedded()));
      gradient
          .layers()
          .forEach(layer -> gradients.addAll(List.of(layer.input(), layer.hidden(), layer.bias())));
      weights.assertGradients(graph, loss, gradients);
    }
  }

  @Test
  void agreeWithFiniteDifferencesForTheSampledSoftmax() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Weighted weights = new Weighted(tf);
      Operand<TFloat32> hidden = weights.add(6, 3);
      Operand<TFloat32> rows = weights.add(4, 3);
      Operand<TFloat32> offsets = weights.add(4);
      Operand<TInt32> targets = tf.constant(new int[] {0, 3, 3, 2, 0, 3});
      SampledSoftmax softmax =
          new SampledSoftmax(tf, Products.FLOAT32, hidden, rows, offsets, targets);
      SampledSoftmax.Gradient gradient = softmax.gradient(1);

      Operand<TFloat32> logits =
          tf.math.add(tf.linalg.matMul(hidden, rows, MatMul.transposeB(true)), offsets);
      weights.assertGradients(
          graph,
          crossEntropy(tf, logits, new int[] {0, 3, 3, 2, 0, 3}),
          List.of(gradient.hidden(), gradient.rows(), gradient.offsets()));
      weights.assertGradients(
          graph, softmax.loss(), List.of(gradient.hidden(), gradient.rows(), gradient.offsets()));
    }
  }

  @Test
  void agreeWithFiniteDifferencesForPoolingAndHead() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Weighted weights = new Weighted(tf);
      Operand<TFloat32> sequence = weights.add(TIME, BATCH, 3);
      ClassifierHead head =
          new ClassifierHead(
              weights.add(9),
              weights.add(9),
              weights.add(9, 4),
              weights.add(4),
              weights.add(4, 3),
              weights.add(3));
      Operand<TFloat32> pooled = ClassifierHead.pool(tf, sequence, tf.constant(new int[] {3, 5}));

      Operand<TFloat32> loss =
          crossEntropy(tf, head.logits(tf, pooled, Dropouts.none()), new int[] {2, 0});
      weights.assertGradients(graph, loss, Gradients.of(tf, loss, weights.all()));
    }
  }

  private static Operand<TFloat32> crossEntropy(Ops tf, Operand<TFloat32> logits, int[] truth) {
    return tf.math.mean(
        tf.nn.sparseSoftmaxCrossEntropyWithLogits(logits, tf.constant(truth)).loss(), tf.array(0));
  }

  /** Placeholders with random values, one of which can be moved. */
  private static final class Weighted {
    private final Random random = new Random(5);
    private final Ops tf;
    private final List<Placeholder<TFloat32>> placeholders = new ArrayList<>();
    private final List<float[]> values = new ArrayList<>();

    Weighted(Ops tf) {
      this.tf = tf;
    }

    Operand<TFloat32> add(long... shape) {
      Placeholder<TFloat32> placeholder =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape)));
      float[] array = new float[(int) Shape.of(shape).size()];
      for (int i = 0; i < array.length; i++) {
        array[i] = (float) random.nextGaussian();
      }
      placeholders.add(placeholder);
      values.add(array);
      return placeholder;
    }

    List<Operand<TFloat32>> all() {
      return List.copyOf(placeholders);
    }

    /** Holds the gradients of the arrays that were added first. */
    void assertGradients(Graph graph, Operand<TFloat32> loss, List<Operand<TFloat32>> gradients) {
      try (Session session = new Session(graph)) {
        for (int i = 0; i < gradients.size(); i++) {
          float[] exact = run(session, gradients.get(i));
          for (int j = 0; j < exact.length; j++) {
            assertThat((double) exact[j])
                .as("weight %d of array %d", j, i)
                .isCloseTo(difference(session, loss, i, j), within(1e-3));
          }
        }
      }
    }

    float[] run(Session session, Operand<TFloat32> fetched) {
      try (StepTensors tensors = new StepTensors()) {
        Session.Runner runner = session.runner().fetch(fetched);
        for (int i = 0; i < values.size(); i++) {
          runner.feed(
              placeholders.get(i),
              tensors.floats(values.get(i), placeholders.get(i).shape().asArray()));
        }
        try (Result result = runner.run()) {
          TFloat32 tensor = (TFloat32) result.get(0);
          float[] out = new float[(int) tensor.size()];
          tensor.copyTo(DataBuffers.of(out));
          return out;
        }
      }
    }

    double difference(Session session, Operand<TFloat32> loss, int array, int index) {
      float step = 1e-2f;
      float value = values.get(array)[index];
      values.get(array)[index] = value + step;
      double above = run(session, loss)[0];
      values.get(array)[index] = value - step;
      double below = run(session, loss)[0];
      values.get(array)[index] = value;
      return (above - below) / (2 * step);
    }
  }
}
