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
  public static void attentionMass(Attention a, Parents on, Tensor mass) {
    Attention.Shape s = a.shape();
    listed(check("attentionMass", a), "parents", s, on)
        .shape("mass", mass, DType.F32, s.batch(), s.heads(), on.entries());
  }

  /** See {@link Backend#attentionEntropy}. */
  public static void attentionEntropy(Attention a, Tensor queries, Tensor entropy) {
    Attention.Shape s = a.shape();
    Expect expect =
        check("attentionEntropy", a)
            .that(queries.rank() == 3, () -> "queries must be (R, B or 1, E), got " + queries);
    listed(expect, "queries", s, queries)
        .shape("entropy", entropy, DType.F32, s.batch(), s.heads(), queries.dim(2));
  }

  /** See {@link Backend#attentionBiasBackward}. */
  public static void attentionBiasBackward(Attention.Gradient g, int which, Tensor dStrength) {
    Attention a = g.forward();
    Attention.Shape s = a.shape();
    check("attentionBiasBackward", a)
        .that(
            which >= 0 && which < a.listed().size(),
            "there are " + a.listed().size() + " listed biases, got number " + which)
        .span("dOut", g.dOut(), span(s, s.queries(), s.outputStride()))
        .floats("delta", g.delta(), rows(s))
        .floats("dStrength", dStrength, 1);
  }

  /** See {@link Backend#attentionOverride}. */
  public static void attentionOverride(Attention a, Tensor p, Tensor heads) {
    Attention.Shape s = a.shape();
    check("attentionOverride", a)
        .shape("p", p, DType.F32, s.batch(), s.heads(), s.queries(), s.keys())
        .ints("heads", heads, s.heads());
  }

  private static Expect listed(Expect expect, String name, Attention.Shape s, Tensor queries) {
    return expect
        .that(
            queries.dim(1) == 1 || queries.dim(1) == s.batch(),
            () -> name + " must be of 1 sequence or of all " + s.batch() + ", got " + queries)
        .shape(name, queries, DType.I32, queries.dim(1), queries.dim(2));
  }

  private static Expect listed(Expect expect, String name, Attention.Shape s, Parents on) {
    return listed(expect, name, s, on.queries())
        .shape(name + " keys", on.keys(), DType.I32, on.sequences(), on.entries(), on.width());
  }

  /** See {@link Backend#headProduct}. */
  public static void headProduct(HeadProduct p) {
    int inner = p.w().rank() == 3 ? p.w().dim(1) : 0;
    int heads = p.y().rank() == 4 ? p.y().dim(2) : 1;
    Expect.of("headProduct", "w", p.w())
        .rank("w", p.w(), 3)
        .rank("y", p.y(), 4)
        .that(inner % heads == 0, () -> "the rows of w must be heads times head_dim, got " + p.w())
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

  private static Expect check(String operation, Attention a) {
    Attention.Shape s = a.shape();
    int token = s.heads() * s.headDim();
    Expect expect =
        Expect.of(operation, "shape", a.q())
            .that(
                s.batch() > 0 && s.heads() > 0 && s.queries() > 0 && s.keys() > 0,
                () -> "sizes must be at least 1, got " + s)
            .that(
                s.headDim() > 0 && s.headDim() <= MAX_HEAD_DIM,
                () -> "head_dim must be from 1 to " + MAX_HEAD_DIM + ", got " + s)
            .that(
                s.queryStride() >= token && s.keyStride() >= token && s.outputStride() >= token,
                () -> "strides must be at least heads * head_dim = " + token + ", got " + s);
    expect
        .span("q", a.q(), span(s, s.queries(), s.queryStride()))
        .span("k", a.k(), span(s, s.keys(), s.keyStride()))
        .span("v", a.v(), span(s, s.keys(), s.keyStride()))
        .span("out", a.out(), span(s, s.queries(), s.outputStride()))
        .floats("lse", a.lse(), rows(s));
    a.bias().ifPresent(bias -> expect.shape("bias", bias, DType.F32, s.queries(), s.keys()));
    int most = Attention.MOST_BIASES;
    expect.that(
        a.listed().size() <= most,
        "at most " + most + " biases can be lists, got " + a.listed().size());
    for (Bias bias : a.listed()) {
      listed(expect, "listed", s, bias.on())
          .floats("strength", bias.strength(), 1)
          .that(
              bias.firstQuery() >= 0, "firstQuery must not be negative, got " + bias.firstQuery());
      bias.heads().ifPresent(heads -> expect.ints("heads", heads, s.heads()));
    }
    return expect;
  }

  private static long span(Attention.Shape s, int tokens, int stride) {
    return ((long) s.batch() * tokens - 1) * stride + (long) s.heads() * s.headDim();
  }

  private static long rows(Attention.Shape s) {
    return (long) s.batch() * s.heads() * s.queries();
  }
}
