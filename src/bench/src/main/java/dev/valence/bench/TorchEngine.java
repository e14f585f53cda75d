package dev.valence.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.valence.text.ReadingOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The model in PyTorch, through DJL. Its own threads are switched off by {@code OMP_NUM_THREADS=1},
 * which must be set before the JVM starts.
 */
final class TorchEngine implements Engine {

  /** Added where a review has ended, so that no maximum is found there. */
  private static final float FAR_BELOW = -1e9f;

  private final NDManager manager;
  private final ReadingOrder order;
  private final Network.Head sizes;
  private final List<Integer> widths;
  private final NDArray embedding;
  private final List<NDList> layers = new ArrayList<>();
  private final NDArray mean;
  private final NDArray scale;
  private final NDArray hiddenWeights;
  private final NDArray hiddenBias;
  private final NDArray labelWeights;
  private final NDArray labelBias;

  TorchEngine(Network network) {
    manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    order = network.order();
    sizes = network.head();
    widths = network.layers().stream().map(Network.Layer::width).toList();
    embedding = array(network.embedding(), network.vocabulary());
    for (Network.Layer layer : network.layers()) {
      layers.add(weights(layer));
    }
    mean = array(sizes.mean(), 1);
    scale = array(sizes.scale(), 1);
    hiddenWeights = array(sizes.hiddenWeights(), sizes.mean().length);
    hiddenBias = array(sizes.hiddenBias(), 1);
    labelWeights = array(sizes.labelWeights(), sizes.hidden());
    labelBias = array(sizes.labelBias(), 1);
  }

  /** Input weights, hidden weights and a bias for each, as {@code torch.nn.LSTM} has them. */
  private NDList weights(Network.Layer layer) {
    int gates = 4 * layer.width();
    float[] inputs = layer.inputMatrix(Network.TORCH_ORDER);
    float[] hidden = layer.hiddenMatrix(Network.TORCH_ORDER);
    return new NDList(
        array(Network.transposed(inputs, layer.inputs()), gates),
        array(Network.transposed(hidden, layer.width()), gates),
        manager.create(layer.bias(Network.TORCH_ORDER)),
        manager.zeros(new Shape(gates)));
  }

  private NDArray array(float[] values, int rows) {
    return manager.create(values, new Shape(rows, values.length / rows));
  }

  @Override
  public float[][] probabilities(int[][] reviews) {
    PaddedIds padded = PaddedIds.of(reviews, order);
    try (NDManager call = manager.newSubManager()) {
      NDArray ids = call.create(padded.ids(), new Shape(padded.time(), padded.batch()));
      NDArray sequence =
          ids.getNDArrayInternal().embedding(ids, embedding, SparseFormat.DENSE).singletonOrThrow();
      for (int layer = 0; layer < layers.size(); layer++) {
        Shape state = new Shape(1, padded.batch(), widths.get(layer));
        sequence =
            sequence
                .getNDArrayInternal()
                .lstm(
                    sequence,
                    new NDList(call.zeros(state), call.zeros(state)),
                    layers.get(layer),
                    true,
                    1,
                    0,
                    false,
                    false,
                    false)
                .get(0);
      }
      NDArray logits = head(pooled(call, sequence, padded));
      float[] flat = logits.div(sizes.temperature()).softmax(1).toFloatArray();
      float[][] rows = new float[padded.batch()][sizes.labels()];
      for (int row = 0; row < rows.length; row++) {
        System.arraycopy(flat, row * sizes.labels(), rows[row], 0, sizes.labels());
      }
      return rows;
    }
  }

  /** Last, greatest and mean output {@code [batch, 3 * width]}. */
  private static NDArray pooled(NDManager call, NDArray sequence, PaddedIds padded) {
    NDArray lengths = call.create(padded.lengths()).expandDims(0);
    NDArray positions = call.arange(padded.time()).expandDims(1);
    NDArray inside = positions.lt(lengths).toType(DataType.FLOAT32, false).expandDims(2);
    NDArray atEnd = positions.eq(lengths.sub(1)).toType(DataType.FLOAT32, false).expandDims(2);
    int[] time = {0};
    NDArray last = sequence.mul(atEnd).sum(time);
    NDArray max = sequence.add(inside.neg().add(1).mul(FAR_BELOW)).max(time);
    NDArray count = lengths.toType(DataType.FLOAT32, false).reshape(-1, 1);
    NDArray average = sequence.mul(inside).sum(time).div(count);
    return NDArrays.concat(new NDList(last, max, average), 1);
  }

  private NDArray head(NDArray pooled) {
    NDArray standard = pooled.sub(mean).mul(scale);
    NDArray hidden = standard.matMul(hiddenWeights).add(hiddenBias).maximum(0);
    return hidden.matMul(labelWeights).add(labelBias);
  }

  @Override
  public void close() {
    manager.close();
  }
}
