package dev.valence.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The classifier with its updates, one for each number of layers that learn together, as one graph
 * of towers, and a session on it.
 */
final class ClassifierGraph implements AutoCloseable {
  private static final String HEAD = "head.";

  private final Hyperparameters numbers;
  private final TowerSession session;
  private final Variables weights;
  private final WeightAverage average;
  private final Placeholder<TInt32> seed;
  private final Placeholder<TFloat32> share;
  private final List<ClassifierTower> towers = new ArrayList<>();
  private final List<ClassifierTower> readers = new ArrayList<>();
  private final Operand<TFloat32> loss;
  private final Map<Integer, AdamW> updates = new TreeMap<>();

  /**
   * @param initial weights to start from, encoder and head
   * @param padding id that fills a batch
   */
  ClassifierGraph(
      Hyperparameters numbers, Parameters initial, int padding, int towerCount, Device device) {
    this.numbers = numbers;
    session = new TowerSession(towerCount, device);
    Ops tf = session.ops();
    seed = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
    share = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    weights = new Variables(tf, initial);
    average = numbers.ema() == 0 ? null : new WeightAverage(tf, weights, initial, numbers.ema());
    for (int i = 0; i < towerCount; i++) {
      Dropouts dropouts = Dropouts.of(numbers, seed, i);
      towers.add(
          new ClassifierTower(
              tf,
              weights,
              numbers.nl(),
              dropouts,
              numbers.products(),
              device,
              numbers.maxLen(),
              padding));
      readers.add(
          new ClassifierTower(
              tf, judging(), numbers.nl(), Dropouts.none(), Products.FLOAT32, device, 0, padding));
    }
    loss =
        tf.math.mul(
            tf.math.addN(towers.stream().map(tower -> tower.plain().loss()).toList()), share);
    Map<String, Operand<TFloat32>> gradients = gradients(tf);
    for (int depth : Unfreezing.of(numbers).depths()) {
      updates.put(
          depth,
          new AdamW(tf, "adam." + depth, gradients, weights, rates(initial, depth), numbers));
    }
    assign(initial);
    updates.values().forEach(update -> update.initialise(session.session()));
  }

  /** The weights that judge: the average, where one is kept. */
  private Variables judging() {
    return average == null ? weights : average.variables();
  }

  private void assign(Parameters values) {
    weights.assign(session.session(), values);
    if (average != null) {
      average.variables().assign(session.session(), values);
    }
  }

  /** Of the head's weights and the encoder's, by name. */
  private Map<String, Operand<TFloat32>> gradients(Ops tf) {
    GradientSum sum = new GradientSum(tf);
    for (ClassifierTower tower : towers) {
      Operand<TFloat32> plain = tower.plain().loss();
      boolean regularised = numbers.alpha() > 0 || numbers.beta() > 0;
      Operand<TFloat32> learned =
          regularised
              ? tf.math.add(plain, tower.regularisation(tf, numbers.alpha(), numbers.beta()))
              : plain;
      Operand<TFloat32> ofWords =
          tower.addGradients(tf, tower.plain(), tf.math.mul(learned, share), sum);
      if (numbers.adversarial() > 0) {
        if (regularised) {
          // Words are moved against the judgement alone (Miyato, Dai and Goodfellow, equation 3).
          ofWords =
              tower.addGradients(tf, tower.plain(), tf.math.mul(plain, share), new GradientSum(tf));
        }
        ClassifierTower.Reading disturbed = tower.disturbed(tf, ofWords, numbers.adversarial());
        tower.addGradients(tf, disturbed, tf.math.mul(disturbed.loss(), share), sum);
      }
    }
    return sum.byName();
  }

  /**
   * Howard and Ruder, section 3.2: each layer learns {@code lrDecay} times slower than the one
   * above it.
   *
   * @param depths how many layer groups below the head learn
   */
  private Map<String, Double> rates(Parameters initial, int depths) {
    Map<String, Double> rates = new LinkedHashMap<>();
    for (String name : initial.byName().keySet()) {
      if (name.startsWith(HEAD)) {
        rates.put(name, 1.0);
      } else if (!name.startsWith("features.")) {
        int depth =
            name.equals(Parameters.EMBEDDING)
                ? numbers.nl() + 1
                : numbers.nl() - Integer.parseInt(name.split("\\.")[1]);
        if (depth <= depths) {
          rates.put(name, Math.pow(numbers.lrDecay(), -depth));
        }
      }
    }
    return rates;
  }

  /**
   * One update.
   *
   * @param depth how many layer groups below the head learn, one of {@link Unfreezing#depths()}
   * @param learningRate of the head
   * @param step made at this depth, counts from 1
   * @param stepOfRun counts from 1
   * @return mean loss in nats
   */
  double train(
      List<ReviewBatches.Encoded> batch,
      int depth,
      double learningRate,
      long step,
      long stepOfRun) {
    try (StepTensors tensors = new StepTensors()) {
      Session.Runner runner =
          session
              .runner()
              .feed(seed, tensors.seed(numbers.seed(), stepOfRun))
              .feed(share, tensors.scalar(1.0 / batch.size()));
      feed(runner, tensors, towers, batch);
      updates.get(depth).update(runner, tensors, learningRate, step);
      double mean;
      try (Result result = runner.fetch(loss).run()) {
        mean = ((TFloat32) result.get(0)).getFloat();
      }
      if (average != null) {
        average.follow(session.session(), stepOfRun);
      }
      return mean;
    }
  }

  /** Measures the features of training reviews, before the first step. */
  void standardise(List<List<ReviewBatches.Encoded>> batches) {
    List<float[]> pooled = new ArrayList<>();
    batches.forEach(batch -> pooled.addAll(List.of(read(batch, ClassifierTower.Reading::pooled))));
    assign(ClassifierHead.standardisation(pooled));
  }

  /** Logits of a batch's reviews {@code [batch][labels]}, nothing dropped. */
  float[][] logits(List<ReviewBatches.Encoded> batch) {
    return read(batch, ClassifierTower.Reading::logits);
  }

  /** One row a review of what the readers give. */
  private float[][] read(
      List<ReviewBatches.Encoded> batch,
      Function<ClassifierTower.Reading, Operand<TFloat32>> output) {
    try (StepTensors tensors = new StepTensors()) {
      Session.Runner runner = session.runner();
      List<Integer> sizes = feed(runner, tensors, readers, batch);
      readers.forEach(tower -> runner.fetch(output.apply(tower.plain())));
      try (Result result = runner.run()) {
        float[][] rows = new float[batch.size()][];
        int row = 0;
        for (int i = 0; i < readers.size(); i++) {
          TFloat32 tensor = (TFloat32) result.get(i);
          int width = (int) tensor.shape().get(1);
          float[] values = new float[(int) tensor.size()];
          tensor.copyTo(DataBuffers.of(values));
          for (int j = 0; j < sizes.get(i); j++) {
            rows[row++] = Arrays.copyOfRange(values, j * width, (j + 1) * width);
          }
        }
        return rows;
      }
    }
  }

  /**
   * Shares a batch out to the towers; each has one review at least, if need be one that does not
   * count.
   */
  private List<Integer> feed(
      Session.Runner runner,
      StepTensors tensors,
      List<ClassifierTower> among,
      List<ReviewBatches.Encoded> batch) {
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < among.size(); i++) {
      int from = batch.size() * i / among.size();
      int to = batch.size() * (i + 1) / among.size();
      List<ReviewBatches.Encoded> part = from == to ? batch.subList(0, 1) : batch.subList(from, to);
      sizes.add(to - from);
      among.get(i).feed(runner, tensors, part, from != to);
    }
    return sizes;
  }

  /** The weights that {@link #logits} come from. */
  Parameters parameters() {
    return judging().read(session.session(), judging().all().keySet());
  }

  TowerSession session() {
    return session;
  }

  @Override
  public void close() {
    session.close();
  }
}
