package dev.valence.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Assign;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * The weights of one graph: TensorFlow variables by name, set from and read into {@link
 * Parameters}.
 */
final class Variables {
  private final Ops tf;
  private final Placeholder<TFloat32> value;
  private final Map<String, Variable<TFloat32>> byName = new LinkedHashMap<>();
  private final Map<String, Assign<TFloat32>> assignments = new LinkedHashMap<>();

  Variables(Ops tf) {
    this.tf = tf;
    this.value = tf.placeholder(TFloat32.class);
  }

  /** Adds a variable for each of the parameters. */
  Variables(Ops tf, Parameters parameters) {
    this(tf);
    parameters.byName().forEach((name, array) -> add(name, Shape.of(array.shape())));
  }

  Variable<TFloat32> add(String name, Shape shape) {
    Variable<TFloat32> variable = tf.withName(name).variable(shape, TFloat32.class);
    byName.put(name, variable);
    assignments.put(name, tf.assign(variable, value));
    return variable;
  }

  Variable<TFloat32> get(String name) {
    return byName.get(name);
  }

  Map<String, Variable<TFloat32>> all() {
    return byName;
  }

  /** The LSTM stack's weights among these. */
  List<AwdLstm.Layer> layers(int count) {
    List<AwdLstm.Layer> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      layers.add(
          new AwdLstm.Layer(
              get(Parameters.lstm(i, "input")),
              get(Parameters.lstm(i, "hidden")),
              get(Parameters.lstm(i, "bias"))));
    }
    return layers;
  }

  void assign(Session session, Parameters parameters) {
    parameters
        .byName()
        .forEach(
            (name, array) -> {
              try (TFloat32 tensor =
                  TFloat32.tensorOf(
                      Shape.of(array.shape()), DataBuffers.of(array.values(), true, false))) {
                session
                    .runner()
                    .feed(value, tensor)
                    .addTarget((Op) assignments.get(name))
                    .run()
                    .close();
              }
            });
  }

  /** The classifier's head among these. */
  ClassifierHead head() {
    return new ClassifierHead(
        get(ClassifierHead.MEAN),
        get(ClassifierHead.SCALE),
        get(ClassifierHead.HIDDEN_WEIGHTS),
        get(ClassifierHead.HIDDEN_BIAS),
        get(ClassifierHead.LABEL_WEIGHTS),
        get(ClassifierHead.LABEL_BIAS));
  }

  /** Sets all to zero. */
  void assignZero(Session session) {
    Map<String, Parameters.Array> zeros = new LinkedHashMap<>();
    byName.forEach(
        (name, variable) ->
            zeros.put(
                name,
                new Parameters.Array(
                    variable.shape().asArray(), new float[(int) variable.shape().size()])));
    assign(session, new Parameters(zeros));
  }

  /** What the variables of these names hold now. */
  Parameters read(Session session, Iterable<String> names) {
    Map<String, Parameters.Array> arrays = new LinkedHashMap<>();
    for (String name : names) {
      Operand<TFloat32> variable = byName.get(name);
      try (Result result = session.runner().fetch(variable).run()) {
        TFloat32 tensor = (TFloat32) result.get(0);
        float[] values = new float[Math.toIntExact(tensor.size())];
        tensor.copyTo(DataBuffers.of(values));
        arrays.put(name, new Parameters.Array(tensor.shape().asArray(), values));
      }
    }
    return new Parameters(arrays);
  }
}
