package dev.emergence.tensor;

import java.util.List;
import java.util.Optional;

/**
 * One softmax attention over all heads of all replicas: O = softmax(scale · Q Kᵀ + biases) V.
 *
 * <p>A token's heads are side by side, (H, Dh); tokens of q (and dQ) are {@link Shape#queryStride}
 * elements apart, those of k and v (and their gradients) {@link Shape#keyStride}, those of out
 * {@link Shape#outputStride}: so Q, K, V can be parts of one fused (B, L, 3, H, Dh) tensor.
 * Sequences of a batch follow each other. Of the tensors q, k, v, out and their gradients only the
 * first element and the replica stride count, not the shape: K of a fused tensor is {@code
 * qkv.part(H * Dh, (B * L * 3 - 1) * H * Dh)}.
 *
 * @param q first query element; (R, B, Lq, H, Dh) by strides
 * @param k keys; (R, B, Lk, H, Dh) by strides
 * @param v values; as k
 * @param bias added to the scaled scores, shared by batch and heads: (R, Lq, Lk)
 * @param out (R, B, Lq, H, Dh) by strides; zero for a row that sees no key
 * @param lse (R, B, H, Lq), natural log of the sum of exponentials; -inf for a row that sees no key
 * @param scale usually 1/sqrt(Dh); rounded to the precision of the backend
 * @param listed biases on some queries and keys, at most {@link #MOST_BIASES}
 */
public record Attention(
    Tensor q,
    Tensor k,
    Tensor v,
    Optional<Tensor> bias,
    Tensor out,
    Tensor lse,
    Shape shape,
    double scale,
    List<Bias> listed) {
  /** Most biases that one attention takes. */
  public static final int MOST_BIASES = 4;

  /** Copies the list. */
  public Attention {
    listed = List.copyOf(listed);
  }

  /** An attention without biases that are lists. */
  public Attention(
      Tensor q,
      Tensor k,
      Tensor v,
      Optional<Tensor> bias,
      Tensor out,
      Tensor lse,
      Shape shape,
      double scale) {
    this(q, k, v, bias, out, lse, shape, scale, List.of());
  }

  /** The same with these biases on listed queries and keys. */
  public Attention with(List<Bias> biases) {
    return new Attention(q, k, v, bias, out, lse, shape, scale, biases);
  }

  /**
   * Sizes and strides (in elements).
   *
   * @param causal query i sees keys j with {@code j <= i + keys - queries}: a single query is the
   *     last position
   */
  public record Shape(
      int batch,
      int heads,
      int queries,
      int keys,
      int headDim,
      boolean causal,
      int queryStride,
      int keyStride,
      int outputStride) {}

  /**
   * What backward needs and fills: dQ, dK, dV are overwritten and have the strides of q, k, v.
   *
   * @param dOut with the strides of out
   * @param delta scratch (R, B, H, Lq): rowsum(dO ∘ O)
   */
  public record Gradient(
      Attention forward, Tensor dOut, Tensor dQ, Tensor dK, Tensor dV, Tensor delta) {}
}
