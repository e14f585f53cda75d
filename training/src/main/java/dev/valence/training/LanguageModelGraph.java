package dev.valence.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The language model with its gradient and update as one TensorFlow graph, and a session on it.
 *
 * <p>The batch's columns are shared out to towers, separate branches over the same weights, one a
 * core. The state between stretches of text is held in variables, so that a checkpoint holds it as
 * well.
 */
final class LanguageModelGraph implements AutoCloseable {
  private static final String STATE = "state.";

  private final Hyperparameters numbers;
  private final Device device;
  private final TowerSession session;
  private final Variables weights;
  private final Variables states;
  private final Placeholder<TInt32> seed;
  private final Placeholder<TInt32> candidates;
  private final Placeholder<TFloat32> corrections;
  private final List<Tower> towers = new ArrayList<>();
  private final List<Op> advances = new ArrayList<>();
  private final Tower validation;
  private final Operand<TFloat32> validationLoss;
  private final List<Op> validationAdvances;
  private final Operand<TFloat32> loss;
  private final AdamW adam;

  /**
   * A branch that reads text.
   *
   * @param columns of the text
   * @param tokens ids {@code [time, columns]}
   * @param targets {@code [time * columns]}: positions among the candidates, or ids in validation
   * @param encoder what has read the tokens
   * @param embedded what it has read {@code [time, columns, emSz]}
   * @param output what it gave
   * @param hidden the same after dropout {@code [time * columns, emSz]}
   * @param before state variables that the stretch starts from
   */
  private record Tower(
      int columns,
      Placeholder<TInt32> tokens,
      Placeholder<TInt32> targets,
      AwdLstm encoder,
      Operand<TFloat32> embedded,
      AwdLstm.Output output,
      Operand<TFloat32> hidden,
      AwdLstm.State before) {

    /** Keeps the state at the end for the next stretch. */
    List<Op> advance(Ops tf) {
      List<Op> assignments = new ArrayList<>();
      AwdLstm.State after = output.state();
      for (int i = 0; i < before.cell().size(); i++) {
        assignments.add(tf.assign(before.cell().get(i), after.cell().get(i)));
        assignments.add(tf.assign(before.hidden().get(i), after.hidden().get(i)));
      }
      return assignments;
    }
  }

  /**
   * What a step did.
   *
   * @param loss mean cross entropy of a token in nats, normaliser estimated
   * @param gradientNorm before it was cut
   * @param candidates number of words that the softmax scored
   */
  record Step(double loss, double gradientNorm, int candidates) {}

  /**
   * @param initial weights to start from
   * @param vocabulary number of ids
   * @param towerCount number of branches; at most the number of columns
   */
  LanguageModelGraph(
      Hyperparameters numbers, Parameters initial, int vocabulary, int towerCount, Device device) {
    if (towerCount > numbers.bs()) {
      throw new TrainingException(
          "more towers than columns: "
              + towerCount
              + " for bs "
              + numbers.bs()
              + ". Lower --towers, or raise bs.");
    }
    this.numbers = numbers;
    this.device = device;
    session = new TowerSession(towerCount, device);
    Ops tf = session.ops();
    seed = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
    candidates = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    corrections = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
    weights = new Variables(tf, initial);
    states = new Variables(tf);

    for (int i = 0; i < towerCount; i++) {
      int columns = numbers.bs() * (i + 1) / towerCount - numbers.bs() * i / towerCount;
      towers.add(tower(tf, i, columns, Dropouts.of(numbers, seed, i), numbers.products()));
    }
    GradientSum gradients = new GradientSum(tf);
    loss = learn(tf, gradients);
    Map<String, Double> trained = new LinkedHashMap<>();
    initial.byName().keySet().forEach(name -> trained.put(name, 1.0));
    adam = new AdamW(tf, "adam", gradients.byName(), weights, trained, numbers);
    // The gradient reads the old state: the new one is kept only after the whole of it is known.
    Ops afterGradient = tf.withControlDependencies(adam.norm());
    towers.forEach(tower -> advances.addAll(tower.advance(afterGradient)));
    validation = tower(tf, towerCount, numbers.bs(), Dropouts.none(), Products.FLOAT32);
    validationLoss = crossEntropy(tf, validation);
    validationAdvances = validation.advance(tf);

    weights.assign(session.session(), initial);
    states.assignZero(session.session());
    adam.initialise(session.session());
  }

  private Tower tower(Ops tf, int number, int columns, Dropouts dropouts, Products products) {
    Placeholder<TInt32> tokens =
        tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, columns)));
    Placeholder<TInt32> targets = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    List<Operand<TFloat32>> cell = new ArrayList<>();
    List<Operand<TFloat32>> hidden = new ArrayList<>();
    List<AwdLstm.Layer> layers = weights.layers(numbers.nl());
    for (int i = 0; i < numbers.nl(); i++) {
      Shape shape = Shape.of(columns, layers.get(i).width());
      cell.add(states.add(STATE + number + "." + i + ".cell", shape));
      hidden.add(states.add(STATE + number + "." + i + ".hidden", shape));
    }

    AwdLstm.State before = new AwdLstm.State(cell, hidden);
    AwdLstm encoder = new AwdLstm(tf, layers, dropouts, products, device);
    Operand<TFloat32> embedded = encoder.embed(weights.get(Parameters.EMBEDDING), tokens);
    AwdLstm.Output output = encoder.read(embedded, before);
    return new Tower(
        columns,
        tokens,
        targets,
        encoder,
        embedded,
        output,
        tf.reshape(output.dropped(), tf.array(-1, numbers.emSz())),
        before);
  }

  /**
   * The towers' loss and its gradient.
   *
   * @param gradients is given those of all weights
   * @return mean cross entropy of a token in nats, without regularisation
   */
  private Operand<TFloat32> learn(Ops tf, GradientSum gradients) {
    Operand<TFloat32> embedding = weights.get(Parameters.EMBEDDING);
    Operand<TFloat32> bias = weights.get(Parameters.DECODER_BIAS);
    Operand<TFloat32> rows = tf.gather(embedding, candidates, tf.constant(0));
    Operand<TFloat32> rowBias = tf.gather(bias, candidates, tf.constant(0));
    Operand<TFloat32> offsets = tf.math.add(rowBias, corrections);
    List<Operand<TFloat32>> losses = new ArrayList<>();
    for (Tower tower : towers) {
      double share = (double) tower.columns() / numbers.bs();
      SampledSoftmax softmax =
          new SampledSoftmax(
              tf, numbers.products(), tower.hidden(), rows, offsets, tower.targets());
      losses.add(tf.math.mul(softmax.loss(), tf.constant((float) share)));
      SampledSoftmax.Gradient above = softmax.gradient(share);
      gradients.add(Parameters.EMBEDDING, Gradients.through(tf, rows, embedding, above.rows()));
      gradients.add(Parameters.DECODER_BIAS, Gradients.through(tf, rowBias, bias, above.offsets()));

      Operand<TFloat32> raw = tower.output().raw();
      Operand<TFloat32> regularisation =
          tf.math.mul(
              tf.constant((float) share),
              tf.math.add(activation(tf, tower.output()), temporalActivation(tf, tower.output())));
      AwdLstm.Gradient below =
          tower
              .encoder()
              .gradient(
                  tower.output(),
                  tf.math.add(
                      Gradients.through(tf, tower.hidden(), raw, above.hidden()),
                      Gradients.of(tf, regularisation, List.of(raw)).get(0)));
      gradients.add(below.layers());
      gradients.add(
          Parameters.EMBEDDING,
          Gradients.through(tf, tower.embedded(), embedding, below.embedded()));
    }
    return tf.math.addN(losses);
  }

  /** Mean cross entropy of a token in nats, over all words. */
  private Operand<TFloat32> crossEntropy(Ops tf, Tower tower) {
    Operand<TFloat32> logits =
        tf.math.add(
            tf.linalg.matMul(
                tower.hidden(), weights.get(Parameters.EMBEDDING), MatMul.transposeB(true)),
            weights.get(Parameters.DECODER_BIAS));
    return tf.math.mean(
        tf.nn.sparseSoftmaxCrossEntropyWithLogits(logits, tower.targets()).loss(), tf.array(0));
  }

  /**
   * Merity, McCann and Socher, "Revisiting Activation Regularization for Language RNNs", equation
   * 4.
   */
  private Operand<TFloat32> activation(Ops tf, AwdLstm.Output output) {
    return tf.math.mul(
        tf.constant((float) numbers.alpha()),
        tf.math.mean(tf.math.square(output.dropped()), tf.array(0, 1, 2)));
  }

  /** The same, equation 5. A stretch of one step changes by nothing. */
  private Operand<TFloat32> temporalActivation(Ops tf, AwdLstm.Output output) {
    Operand<TFloat32> changes = AwdLstm.changes(tf, output.raw());
    Operand<TFloat32> sum = tf.sum(tf.math.square(changes), tf.array(0, 1, 2));
    Operand<TFloat32> count = tf.dtypes.cast(tf.size(changes), TFloat32.class);
    return tf.math.mul(
        tf.constant((float) numbers.beta()),
        tf.math.div(sum, tf.math.maximum(count, tf.constant(1f))));
  }

  /**
   * One update.
   *
   * @param columns text of the epoch
   * @param start row of the first token; its target is the row after it
   * @param length time steps
   * @param learningRate for this step
   * @param step counts from 1
   */
  Step train(
      LanguageModelBatches.Epoch columns,
      int start,
      int length,
      CandidateSampler sampler,
      double learningRate,
      long step) {
    int[] inputs = columns.rows(start, length);
    CandidateSampler.Candidates drawn =
        sampler.draw(columns.rows(start + 1, length), numbers.seed() * 1_000_003 + step);
    try (StepTensors tensors = new StepTensors()) {
      Session.Runner runner =
          session
              .runner()
              .feed(seed, tensors.seed(numbers.seed(), step))
              .feed(candidates, tensors.ints(drawn.ids(), drawn.ids().length))
              .feed(corrections, tensors.floats(drawn.corrections(), drawn.corrections().length));
      int column = 0;
      for (Tower tower : towers) {
        feed(runner, tensors, tower, inputs, drawn.targets(), column, length);
        column += tower.columns();
      }
      advances.forEach(runner::addTarget);
      adam.update(runner, tensors, learningRate, step);
      try (Result result = runner.fetch(loss).fetch(adam.norm()).run()) {
        return new Step(scalar(result, 0), scalar(result, 1), drawn.ids().length);
      }
    }
  }

  /**
   * Perplexity's logarithm over a text, with the full softmax: mean cross entropy of a token in
   * nats.
   */
  double evaluate(LanguageModelBatches.Epoch text) {
    double sum = 0;
    long tokens = 0;
    for (int step = 0, start = 0; step < text.steps(); start += text.lengths()[step], step++) {
      int length = text.lengths()[step];
      try (StepTensors tensors = new StepTensors()) {
        Session.Runner runner = session.runner();
        feed(
            runner,
            tensors,
            validation,
            text.rows(start, length),
            text.rows(start + 1, length),
            0,
            length);
        validationAdvances.forEach(runner::addTarget);
        try (Result result = runner.fetch(validationLoss).run()) {
          sum += scalar(result, 0) * length;
          tokens += length;
        }
      }
    }
    return sum / tokens;
  }

  private void feed(
      Session.Runner runner,
      StepTensors tensors,
      Tower tower,
      int[] inputs,
      int[] targets,
      int column,
      int length) {
    int width = inputs.length / length;
    int[] ownInputs = new int[length * tower.columns()];
    int[] ownTargets = new int[length * tower.columns()];
    for (int t = 0; t < length; t++) {
      System.arraycopy(inputs, t * width + column, ownInputs, t * tower.columns(), tower.columns());
      System.arraycopy(
          targets, t * width + column, ownTargets, t * tower.columns(), tower.columns());
    }
    runner
        .feed(tower.tokens(), tensors.ints(ownInputs, length, tower.columns()))
        .feed(tower.targets(), tensors.ints(ownTargets, ownTargets.length));
  }

  private static double scalar(Result result, int index) {
    return ((TFloat32) result.get(index)).getFloat();
  }

  /** Starts a new text: the next stretch follows nothing. */
  void forgetState() {
    states.assignZero(session.session());
  }

  /** The weights as they are now. */
  Parameters parameters() {
    return weights.read(session.session(), weights.all().keySet());
  }

  TowerSession session() {
    return session;
  }

  @Override
  public void close() {
    session.close();
  }
}
