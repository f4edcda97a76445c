package dev.emergence.tensor;

/** Shape checks of the attention operations; see {@link LayerShapes}. */
public final class AttentionShapes {
  /** Widest head that the fused kernels know. */
  public static final int MAX_HEAD_DIM = 128;

  private AttentionShapes() {}

  /** See {@link Backend#attention}. */
  public static void attention(Attention a) {
    check("attention", a);
  }

  /** See {@link Backend#attentionBackward}. */
  public static void attentionBackward(Attention.Gradient g) {
    Attention a = g.forward();
    Attention.Shape s = a.shape();
    check("attentionBackward", a)
        .span("dOut", g.dOut(), span(s, s.queries(), s.outputStride()))
        .span("dQ", g.dQ(), span(s, s.queries(), s.queryStride()))
        .span("dK", g.dK(), span(s, s.keys(), s.keyStride()))
        .span("dV", g.dV(), span(s, s.keys(), s.keyStride()))
        .floats("delta", g.delta(), rows(s));
  }

  /** See {@link Backend#attentionProbabilities}. */
  public static void attentionProbabilities(Attention a, Tensor p) {
    Attention.Shape s = a.shape();
    check("attentionProbabilities", a)
        .shape("p", p, DType.F32, s.batch(), s.heads(), s.queries(), s.keys());
  }

  /** See {@link Backend#attentionMass}. */
  public static void attentionMass(Attention a, Tensor query, Tensor marked, Tensor mass) {
    statistic("attentionMass", a, query, "mass", mass)
        .ints("marked", marked, (long) a.shape().batch() * a.shape().keys());
  }

  /** See {@link Backend#attentionEntropy}. */
  public static void attentionEntropy(Attention a, Tensor query, Tensor entropy) {
    statistic("attentionEntropy", a, query, "entropy", entropy);
  }

  /** See {@link Backend#headProduct}. */
  public static void headProduct(HeadProduct p) {
    int inner = p.w().rank() == 3 ? p.w().dim(1) : 0;
    int heads = p.y().rank() == 4 ? p.y().dim(2) : 1;
    Expect.of("headProduct", "w", p.w())
        .rank("w", p.w(), 3)
        .rank("y", p.y(), 4)
        .that(inner % heads == 0, "the rows of w must be heads times head_dim, got " + p.w())
        .matrix("x", p.x(), p.y().dim(1), inner)
        .shape("y", p.y(), DType.F32, p.y().dim(1), heads, p.w().dim(-1));
  }

  /** See {@link Backend#tokenAttention}. */
  public static void tokenAttention(TokenAttention a) {
    check("tokenAttention", a);
  }

  /** See {@link Backend#tokenAttentionBackward}. */
  public static void tokenAttentionBackward(TokenAttention.Gradient g) {
    TokenAttention a = g.forward();
    check("tokenAttentionBackward", a)
        .floats("dOut", g.dOut(), a.q().perReplica())
        .floats("dQ", g.dQ(), a.q().perReplica())
        .floats("dX", g.dX(), a.x().perReplica())
        .floats("dS", g.dS(), a.p().perReplica());
  }

  private static Expect check(String operation, TokenAttention a) {
    Expect expect = Expect.of(operation, "x", a.x()).rank("x", a.x(), 4).rank("q", a.q(), 4);
    int batch = a.x().dim(1);
    int heads = a.q().dim(2);
    return expect
        .shape("q", a.q(), DType.F32, batch, heads, a.x().dim(3))
        .shape("p", a.p(), DType.F32, batch, heads, a.x().dim(2))
        .floats("out", a.out(), a.q().perReplica());
  }

  private static Expect statistic(
      String operation, Attention a, Tensor query, String name, Tensor out) {
    return check(operation, a)
        .ints("query", query, a.shape().batch())
        .shape(name, out, DType.F32, a.shape().batch(), a.shape().heads());
  }

  private static Expect check(String operation, Attention a) {
    Attention.Shape s = a.shape();
    int token = s.heads() * s.headDim();
    Expect expect =
        Expect.of(operation, "shape", a.q())
            .that(
                s.batch() > 0 && s.heads() > 0 && s.queries() > 0 && s.keys() > 0,
                "sizes must be at least 1, got " + s)
            .that(
                s.headDim() > 0 && s.headDim() <= MAX_HEAD_DIM,
                "head_dim must be from 1 to " + MAX_HEAD_DIM + ", got " + s)
            .that(
                s.queryStride() >= token && s.keyStride() >= token && s.outputStride() >= token,
                "strides must be at least heads * head_dim = " + token + ", got " + s);
    expect
        .span("q", a.q(), span(s, s.queries(), s.queryStride()))
        .span("k", a.k(), span(s, s.keys(), s.keyStride()))
        .span("v", a.v(), span(s, s.keys(), s.keyStride()))
        .span("out", a.out(), span(s, s.queries(), s.outputStride()))
        .floats("lse", a.lse(), rows(s));
    a.bias().ifPresent(bias -> expect.shape("bias", bias, DType.F32, s.queries(), s.keys()));
    return expect;
  }

  private static long span(Attention.Shape s, int tokens, int stride) {
    return ((long) s.batch() * tokens - 1) * stride + (long) s.heads() * s.headDim();
  }

  private static long rows(Attention.Shape s) {
    return (long) s.batch() * s.heads() * s.queries();
  }
}
