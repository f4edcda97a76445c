package dev.emergence.tensor;

import java.util.List;
import java.util.Optional;

/**
 * One shape of attention, and its tensors on a bench.
 *
 * @param layout how Q, K, V and O lie in memory
 */
public record AttentionCase(
    int replicas,
    int batch,
    int heads,
    int queries,
    int keys,
    int headDim,
    boolean causal,
    boolean bias,
    Layout layout) {

  /** How tokens lie in memory. */
  public enum Layout {
    /** Each tensor for itself, tokens next to each other. */
    APART,
    /** Q, K, V as parts of one (B, L, 3, H, Dh) tensor. */
    FUSED,
    /** Each tensor for itself, with gaps between tokens. */
    GAPS
  }

  /** Sizes around tiles, all kinds of head width, all relations of queries and keys. */
  public static List<AttentionCase> all() {
    Layout apart = Layout.APART;
    Layout fused = Layout.FUSED;
    Layout gaps = Layout.GAPS;
    return List.of(
        new AttentionCase(1, 1, 1, 1, 1, 1, false, false, apart),
        new AttentionCase(1, 1, 1, 2, 2, 2, true, false, apart),
        new AttentionCase(2, 3, 2, 15, 15, 5, true, false, fused),
        new AttentionCase(1, 2, 3, 16, 16, 8, false, false, fused),
        new AttentionCase(3, 1, 2, 17, 17, 16, true, true, apart),
        new AttentionCase(3, 1, 2, 31, 31, 33, false, false, gaps),
        new AttentionCase(1, 2, 1, 33, 33, 64, true, false, fused),
        new AttentionCase(1, 1, 1, 63, 63, 31, true, false, gaps),
        new AttentionCase(1, 1, 2, 64, 64, 32, true, false, fused),
        new AttentionCase(1, 1, 1, 65, 65, 65, false, true, apart),
        new AttentionCase(1, 1, 1, 129, 129, 16, true, false, apart),
        new AttentionCase(1, 1, 2, 130, 130, 4, false, false, fused),
        // Heads enough for one block each of an emulated GPU; of more keys than it takes at once.
        new AttentionCase(1, 2, 2, 97, 97, 64, true, false, fused),
        new AttentionCase(1, 1, 3, 90, 150, 32, true, false, apart),
        new AttentionCase(2, 2, 2, 1, 17, 64, true, false, apart),
        new AttentionCase(1, 3, 4, 1, 64, 64, true, false, gaps),
        new AttentionCase(1, 2, 2, 1, 129, 48, false, true, apart),
        new AttentionCase(2, 3, 4, 1, 8, 8, true, false, apart),
        new AttentionCase(1, 2, 8, 1, 19, 4, false, false, gaps),
        new AttentionCase(2, 2, 3, 1, 33, 16, true, false, gaps),
        new AttentionCase(1, 1, 2, 1, 3, 8, false, false, apart),
        new AttentionCase(1, 2, 3, 1, 9, 8, true, true, apart),
        new AttentionCase(1, 2, 2, 5, 9, 12, true, false, apart),
        new AttentionCase(2, 2, 2, 9, 5, 12, true, false, apart),
        new AttentionCase(1, 1, 3, 4, 7, 127, false, true, gaps),
        new AttentionCase(2, 1, 1, 8, 8, 128, true, false, fused),
        new AttentionCase(1, 1, 2, 20, 20, 96, true, true, fused),
        new AttentionCase(1, 2, 2, 25, 40, 32, true, true, gaps),
        new AttentionCase(2, 1, 2, 40, 25, 48, true, false, apart),
        new AttentionCase(1, 1, 2, 50, 20, 16, false, true, apart),
        new AttentionCase(1, 1, 1, 300, 300, 24, true, false, fused),
        new AttentionCase(2, 1, 2, 1, 1000, 8, true, false, apart),
        // Blocks of 16 queries against up to 256 keys, and what is longer.
        new AttentionCase(1, 1, 2, 256, 256, 16, true, false, fused),
        new AttentionCase(1, 1, 1, 257, 257, 16, true, false, apart),
        new AttentionCase(1, 1, 2, 100, 37, 16, true, false, apart),
        new AttentionCase(1, 2, 1, 70, 200, 32, true, true, gaps),
        new AttentionCase(2, 1, 2, 47, 255, 16, false, false, apart),
        // Baherwani et al., Fig. 5: heads times width is 128, down to 128 heads of width 1.
        new AttentionCase(1, 1, 128, 8, 8, 1, true, false, fused),
        new AttentionCase(1, 1, 64, 16, 16, 2, true, false, fused),
        new AttentionCase(2, 1, 32, 32, 32, 4, true, false, fused),
        new AttentionCase(1, 2, 16, 64, 64, 8, true, false, fused),
        new AttentionCase(1, 1, 8, 48, 48, 16, true, false, fused),
        new AttentionCase(1, 1, 2, 256, 256, 1, true, false, fused),
        new AttentionCase(1, 1, 1, 256, 256, 2, true, false, fused));
  }

  /** 1/sqrt(head_dim). */
  public float scale() {
    return (float) (1 / Math.sqrt(headDim));
  }

  /** Elements of a token. */
  public int token() {
    return heads * headDim;
  }

  private int stride() {
    return switch (layout) {
      case APART -> token();
      case FUSED -> 3 * token();
      case GAPS -> token() + 3;
    };
  }

  /** Sizes and strides. */
  public Attention.Shape shape() {
    int outputStride = layout == Layout.FUSED ? token() : stride();
    return new Attention.Shape(
        batch, heads, queries, keys, headDim, causal, stride(), stride(), outputStride);
  }

  /** Elements of a replica's tensor of {@code tokens} tokens a sequence. */
  private long size(int tokens, int stride) {
    return (long) batch * tokens * stride;
  }

  /** Attention of random Q, K, V, named {@code q k v} or {@code qkv}; results {@code out lse}. */
  public Attention on(Bench bench) {
    Attention.Shape s = shape();
    Tensor[] qkv = three(bench, "", this::normal);
    Optional<Tensor> added =
        bias ? Optional.of(bench.normal("bias", replicas, queries, keys)) : Optional.empty();
    Tensor out = bench.output("out", replicas, size(queries, s.outputStride()));
    Tensor lse = bench.output("lse", replicas, batch, heads, queries);
    return new Attention(qkv[0], qkv[1], qkv[2], added, out, lse, s, scale());
  }

  /**
   * Gradients of an attention on the same bench, named {@code dQ dK dV} or {@code dQkv}, for a
   * random {@code dOut}.
   */
  public Attention.Gradient gradient(Bench bench, Attention a) {
    Tensor[] d = three(bench, "d", this::output);
    Tensor dOut = bench.normal("dOut", replicas, size(queries, a.shape().outputStride()));
    Tensor delta = bench.output("delta", replicas, batch, heads, queries);
    return new Attention.Gradient(a, dOut, d[0], d[1], d[2], delta);
  }

  private interface Maker {
    Tensor make(Bench bench, String name, long elements);
  }

  private Tensor normal(Bench bench, String name, long elements) {
    return bench.normal(name, replicas, elements);
  }

  private Tensor output(Bench bench, String name, long elements) {
    return bench.output(name, replicas, elements);
  }

  private Tensor[] three(Bench bench, String prefix, Maker maker) {
    if (layout == Layout.FUSED) {
      long all = size(queries, 3 * token());
      Tensor qkv = maker.make(bench, prefix + "qkv", all);
      return new Tensor[] {
        qkv, qkv.part(token(), all - token()), qkv.part(2L * token(), all - 2L * token())
      };
    }
    return new Tensor[] {
      maker.make(bench, prefix + "q", size(queries, stride())),
      maker.make(bench, prefix + "k", size(keys, stride())),
      maker.make(bench, prefix + "v", size(keys, stride()))
    };
  }
}
