package dev.valence.training;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.StatelessWhile;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** A loop over the steps of a chunk, in the graph. Nothing can be learned through it. */
final class StepLoop {
  private static final AttrValue ONE_THREAD =
      AttrValue.newBuilder().setS(ByteString.copyFromUtf8("SINGLE_THREADED_EXECUTOR")).build();

  private final Ops tf;

  StepLoop(Ops tf) {
    this.tf = tf;
  }

  /** What is built once and runs for each step. */
  interface Body {
    /**
     * @param body builds operations of the step
     * @param step number of it, from 0 on
     * @param fixed values that are the same in each step
     * @param changing values before the step
     * @return the latter after the step
     */
    List<Operand<?>> step(
        Ops body, Operand<TInt32> step, List<Operand<?>> fixed, List<Operand<?>> changing);
  }

  /**
   * Runs a number of steps.
   *
   * @param steps how many
   * @return the changing values after the last
   */
  List<Operand<?>> run(
      Operand<TInt32> steps, List<Operand<?>> fixed, List<Operand<?>> changing, Body body) {
    List<Operand<?>> before = new ArrayList<>(List.of(tf.constant(0), steps));
    before.addAll(fixed);
    before.addAll(changing);
    ConcreteFunction goesOn =
        ConcreteFunction.create(
            inner -> {
              List<Operand<?>> inputs = like(inner, before);
              return signature(
                  "goes_on",
                  inputs,
                  List.of(
                      inner.math.less(
                          step(inputs), inputs.get(1).asOutput().expect(TInt32.class))));
            });
    ConcreteFunction stepped =
        ConcreteFunction.create(
            inner -> {
              List<Operand<?>> inputs = like(inner, before);
              int firstChanging = 2 + fixed.size();
              List<Operand<?>> outputs = new ArrayList<>();
              outputs.add(inner.math.add(step(inputs), inner.constant(1)));
              for (Operand<?> same : inputs.subList(1, firstChanging)) {
                outputs.add(inner.identity(same));
              }
              outputs.addAll(
                  body.step(
                      inner,
                      step(inputs),
                      inputs.subList(2, firstChanging),
                      inputs.subList(firstChanging, inputs.size())));
              return signature("step", inputs, outputs);
            });
    List<Output<?>> after = StatelessWhile.create(tf.scope(), before, goesOn, stepped).output();
    return List.copyOf(after.subList(2 + fixed.size(), after.size()));
  }

  /**
   * Lets one thread run each step of a graph's loops: a step is a chain, and the usual executor
   * would look for what it could hand to others. TensorFlow's functions name their executor by an
   * attribute (core/common_runtime/function.cc).
   */
  static GraphDef inOneThread(GraphDef graph) {
    GraphDef.Builder loops = graph.toBuilder();
    for (NodeDef.Builder node : loops.getNodeBuilderList()) {
      if (node.getOp().equals(StatelessWhile.OP_NAME)) {
        for (String function : List.of("cond", "body")) {
          AttrValue.Builder value = node.getAttrOrThrow(function).toBuilder();
          value.getFuncBuilder().putAttr("_executor", ONE_THREAD);
          node.putAttr(function, value.build());
        }
      }
    }
    return loops.build();
  }

  private static Operand<TInt32> step(List<Operand<?>> inputs) {
    return inputs.get(0).asOutput().expect(TInt32.class);
  }

  private static List<Operand<?>> like(Ops inner, List<Operand<?>> outer) {
    List<Operand<?>> placeholders = new ArrayList<>();
    outer.forEach(value -> placeholders.add(placeholder(inner, value)));
    return placeholders;
  }

  private static <T extends TType> Operand<T> placeholder(Ops inner, Operand<T> like) {
    return inner.placeholder(like.type());
  }

  private static Signature signature(
      String name, List<Operand<?>> inputs, List<? extends Operand<?>> outputs) {
    Signature.Builder signature = Signature.builder(name);
    for (int i = 0; i < inputs.size(); i++) {
      signature.input("in_" + i, inputs.get(i));
    }
    for (int i = 0; i < outputs.size(); i++) {
      signature.output("out_" + i, outputs.get(i));
    }
    return signature.build();
  }
}
