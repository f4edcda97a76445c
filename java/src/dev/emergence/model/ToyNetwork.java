package dev.emergence.model;

import dev.emergence.tensor.Attention;
import dev.emergence.tensor.AttentionShapes;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A {@link ToyModel} for one batch size, of the operations that Transformers use: an attention of
 * one query whose values are the tokens themselves. Scores come out as a_t when the query is (1, 0,
 * ..., 0) and key t is (a_t, 0, ..., 0). Tokens wider than a head can be are cut into heads, which
 * all attend alike.
 */
final class ToyNetwork implements Network {
  private final Backend backend;
  private final boolean training;
  private final Tensor scores;
  private final Tensor dScores;
  private final Tensor weights;
  private final Tensor dWeights;
  private final Tensor one;
  private final Tensor row;
  private final Tensor query;
  private final Tensor keys;
  private final Tensor mixed;
  private final Tensor lse;
  private final Tensor prediction;
  private final Attention.Shape shape;
  private final Optional<Backward> backward;
  private Optional<Attention> last = Optional.empty();

  /** What only a backward pass writes. */
  private record Backward(
      Tensor dMixed, Tensor dQuery, Tensor dKeys, Tensor dTokens, Tensor dRow, Tensor delta) {}

  ToyNetwork(Memory memory, Signature signature, NetworkOptions options) {
    backend = memory.backend();
    training = memory.training();
    Parameters p = memory.parameters();
    scores = p.value(ToyModel.SCORES);
    dScores = p.gradient(ToyModel.SCORES);
    weights = p.value(ToyModel.WEIGHTS);
    dWeights = p.gradient(ToyModel.WEIGHTS);
    int batch = options.batch();
    int length = signature.length();
    int width = signature.inputs();
    int heads = heads(width);
    shape = new Attention.Shape(batch, heads, 1, length, width / heads, false, width, width, width);
    one = memory.floats(1, width);
    query = memory.floats(batch, width);
    row = memory.floats(length, width);
    keys = memory.floats(batch, length, width);
    mixed = memory.floats(batch, width);
    lse = memory.floats(batch, heads, 1);
    prediction = memory.floats(batch, signature.outputs());
    backend.write(one, firsts(one, width / heads));
    backend.write(query, firsts(query, width / heads));
    backward = training ? Optional.of(backward(memory, signature)) : Optional.empty();
  }

  private Backward backward(Memory memory, Signature s) {
    int batch = shape.batch();
    int length = shape.keys();
    return new Backward(
        memory.floats(batch, s.inputs()),
        memory.floats(batch, s.inputs()),
        memory.floats(batch, length, s.inputs()),
        memory.floats(batch, length, s.inputs()),
        memory.floats(length, s.inputs()),
        memory.floats(batch, shape.heads(), 1));
  }

  /** The fewest heads that cut the width evenly into pieces that a kernel takes. */
  private static int heads(int width) {
    int heads = (width + AttentionShapes.MAX_HEAD_DIM - 1) / AttentionShapes.MAX_HEAD_DIM;
    while (width % heads != 0) {
      heads++;
    }
    return heads;
  }

  /** 1 at the start of each head, else 0. */
  private static float[] firsts(Tensor like, int headDim) {
    float[] values = new float[Math.toIntExact(like.size())];
    for (int i = 0; i < values.length; i += headDim) {
      values[i] = 1;
    }
    return values;
  }

  @Override
  public void forward(Tensor input) {
    backend.gemm(false, false, scores, one, 0, row);
    backend.zero(keys);
    backend.addPositions(keys, row);
    Attention attention = new Attention(query, keys, input, Optional.empty(), mixed, lse, shape, 1);
    backend.attention(attention);
    backend.gemm(false, true, mixed, weights, 0, prediction);
    last = Optional.of(attention);
  }

  @Override
  public Tensor prediction() {
    return prediction;
  }

  @Override
  public void backward(Tensor dPrediction) {
    Backward b =
        backward.orElseThrow(
            () ->
                new IllegalStateException(
                    "this network keeps nothing for a backward pass; make one for TRAINING"));
    Attention forward =
        last.orElseThrow(
            () -> new IllegalStateException("backward follows a forward pass; there was none"));
    backend.gemm(true, false, dPrediction, mixed, 0, dWeights);
    backend.gemm(false, false, dPrediction, weights, 0, b.dMixed());
    backend.attentionBackward(
        new Attention.Gradient(forward, b.dMixed(), b.dQuery(), b.dKeys(), b.dTokens(), b.delta()));
    backend.addPositionsBackward(b.dKeys(), b.dRow());
    // The heads share their scores: their gradients add up.
    backend.gemm(false, true, b.dRow(), one, 0, dScores);
  }

  @Override
  public List<Attention> attention() {
    return last.stream().toList();
  }
}
