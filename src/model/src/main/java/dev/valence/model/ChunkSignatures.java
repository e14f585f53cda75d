package dev.valence.model;

import dev.valence.text.ReadingOrder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * Names, in a graph, of the tensors that two signatures promise. {@code read_chunk} reads some time
 * steps of a batch and is called again with the state that it gave. Its rows are {@link ChunkSeats
 * seats}: where a review has ended, the next one sits down, with a state of zero, or else the one
 * in the last seat moves up; a call with fewer rows than the last leaves the state's last rows out.
 * {@code judge_read} scores reviews that have ended.
 *
 * @param order that reviews are read in: backwards if the first signature is called {@code
 *     read_chunk_backwards}
 * @param tokenIds int32 [steps, batch]
 * @param lengths int32 [batch]: step, counted like the position, at which the review of each row
 *     ends
 * @param position int32 scalar: steps read before
 * @param steps that a call reads, or -1 for any number
 * @param stateBefore float [at least batch, width], by the names that inputs beginning with {@code
 *     state_} have
 * @param widths of the state, by the same names
 * @param after float [batch, width], by the same names, and {@code last}: the outputs of reviews at
 *     their ends
 * @param judged inputs of {@code judge_read}: {@code lengths}, those of the reviews, and some of
 *     {@code after}
 * @param probabilities float [batch, classes] of {@code judge_read}
 */
record ChunkSignatures(
    ReadingOrder order,
    String tokenIds,
    String lengths,
    String position,
    int steps,
    Map<String, String> stateBefore,
    Map<String, Integer> widths,
    Map<String, String> after,
    Map<String, String> judged,
    String probabilities) {

  private static final String STATE = "state_";

  /** The signatures, if the graph has them. */
  static Optional<ChunkSignatures> of(MetaGraphDef graph) {
    SignatureDef forwards = graph.getSignatureDefMap().get("read_chunk");
    SignatureDef backwards = graph.getSignatureDefMap().get("read_chunk_backwards");
    SignatureDef reading = forwards != null ? forwards : backwards;
    ReadingOrder order = forwards != null ? ReadingOrder.FORWARDS : ReadingOrder.BACKWARDS;
    SignatureDef judging = graph.getSignatureDefMap().get("judge_read");
    return reading == null || judging == null
        ? Optional.empty()
        : Optional.of(of(order, reading, judging));
  }

  private static ChunkSignatures of(
      ReadingOrder order, SignatureDef reading, SignatureDef judging) {
    Map<String, TensorInfo> inputs = reading.getInputsMap();
    Map<String, String> state = new TreeMap<>();
    Map<String, Integer> widths = new TreeMap<>();
    inputs.forEach(
        (name, tensor) -> {
          if (name.startsWith(STATE)) {
            state.put(name, tensor.getName());
            widths.put(name, (int) tensor.getTensorShape().getDim(1).getSize());
          }
        });
    return new ChunkSignatures(
        order,
        inputs.get("token_ids").getName(),
        inputs.get("lengths").getName(),
        inputs.get("position").getName(),
        (int) inputs.get("token_ids").getTensorShape().getDim(0).getSize(),
        state,
        widths,
        names(reading.getOutputsMap()),
        names(judging.getInputsMap()),
        judging.getOutputsMap().get("probabilities").getName());
  }

  private static Map<String, String> names(Map<String, TensorInfo> tensors) {
    Map<String, String> names = new TreeMap<>();
    tensors.forEach((name, tensor) -> names.put(name, tensor.getName()));
    return names;
  }
}
