package dev.emergence.tensor;

/** Shape checks of the operations of token mixers; see {@link LayerShapes}. */
public final class MixerShapes {
  private MixerShapes() {}

  /** See {@link Backend#mixTokens}. */
  public static void mixTokens(TokenMix m) {
    mix("mixTokens", m, "y", m.y());
  }

  /** See {@link Backend#mixTokensBackward}. */
  public static void mixTokensBackward(TokenMix.Gradient g) {
    TokenMix m = g.forward();
    mix("mixTokensBackward", m, "dY", g.dY())
        .floats("dX", g.dX(), m.x().perReplica())
        .floats("dWeight", g.dWeight(), m.weight().perReplica());
  }

  private static Expect mix(String operation, TokenMix m, String name, Tensor y) {
    Expect expect =
        Expect.of(operation, "weight", m.weight())
            .rank("weight", m.weight(), 4)
            .rank("x", m.x(), 4);
    int groups = m.weight().dim(1);
    int rows = m.weight().dim(2);
    int columns = m.weight().dim(3);
    return expect
        .that(
            m.length() > 0 && rows % m.length() == 0 && columns % m.length() == 0,
            "weight must have rows and columns in multiples of length, got length " + m.length())
        .that(m.x().dim(3) % groups == 0, "weight must have groups that divide the width of x")
        .shape("x", m.x(), DType.F32, m.x().dim(1), columns, m.x().dim(3))
        .shape(name, y, DType.F32, m.x().dim(1), rows, m.x().dim(3));
  }

  /** See {@link Backend#fastWeights}. */
  public static void fastWeights(FastWeights f) {
    check("fastWeights", f);
  }

  /** See {@link Backend#fastWeightsBackward}. */
  public static void fastWeightsBackward(FastWeights.Gradient g) {
    FastWeights f = g.forward();
    long span = span(f.shape());
    Expect expect =
        check("fastWeightsBackward", f)
            .that(
                f.gates().isPresent() == g.dGates().isPresent(),
                "dGates must be there where gates are")
            .floats("dOut", g.dOut(), f.out().perReplica())
            .span("dQ", g.dQ(), span)
            .span("dK", g.dK(), span)
            .span("dV", g.dV(), span);
    g.dGates().ifPresent(d -> expect.span("dGates", d, gateSpan(f.shape())));
  }

  private static Expect check(String operation, FastWeights f) {
    FastWeights.Shape s = f.shape();
    int token = s.heads() * s.headDim();
    Expect expect =
        Expect.of(operation, "shape", f.q())
            .that(
                s.batch() > 0 && s.length() > 0 && s.heads() > 0,
                () -> "sizes must be at least 1, got " + s)
            .that(
                s.headDim() > 0 && s.headDim() <= AttentionShapes.MAX_HEAD_DIM,
                () -> "head_dim must be from 1 to " + AttentionShapes.MAX_HEAD_DIM + ", got " + s)
            .that(
                s.stride() >= token,
                () -> "stride must be at least heads * head_dim = " + token + s)
            .that(
                !f.normalised() || f.gates().isEmpty(), "normalised output has no form with gates");
    expect
        .span("q", f.q(), span(s))
        .span("k", f.k(), span(s))
        .span("v", f.v(), span(s))
        .floats("out", f.out(), (long) s.batch() * s.length() * token);
    f.gates()
        .ifPresent(
            gates ->
                expect
                    .that(
                        s.gateStride() >= 2 * s.heads(),
                        () -> "gateStride must be at least 2 * heads, got " + s)
                    .span("gates", gates, gateSpan(s)));
    return expect;
  }

  private static long span(FastWeights.Shape s) {
    return span((long) s.batch() * s.length(), s.stride(), s.heads() * s.headDim());
  }

  private static long gateSpan(FastWeights.Shape s) {
    return span((long) s.batch() * s.length(), s.gateStride(), 2 * s.heads());
  }

  private static long span(long tokens, int stride, int width) {
    return (tokens - 1) * stride + width;
  }

  /** See {@link Backend#diagonalScan}. */
  public static void diagonalScan(DiagonalScan s) {
    scan("diagonalScan", s);
  }

  /** See {@link Backend#diagonalScanBackward}. */
  public static void diagonalScanBackward(DiagonalScan.Gradient g) {
    DiagonalScan s = g.forward();
    int width = s.h().dim(3);
    long tokens = (long) s.h().dim(1) * s.h().dim(2);
    Expect expect =
        scan("diagonalScanBackward", s)
            .that(
                s.gates().isPresent() == g.dGates().isPresent(),
                "dGates must be there where gates are")
            .floats("dH", g.dH(), s.h().perReplica())
            .span("dU", g.dU(), span(tokens, s.stride(), width))
            .floats("dDecay", g.dDecay(), (long) s.h().dim(1) * width);
    g.dGates().ifPresent(d -> expect.span("dGates", d, span(tokens, s.stride(), 2 * width)));
  }

  private static Expect scan(String operation, DiagonalScan s) {
    Expect expect = Expect.of(operation, "h", s.h()).rank("h", s.h(), 4);
    int width = s.h().dim(3);
    int channels = s.gates().isPresent() ? 2 * width : width;
    long tokens = (long) s.h().dim(1) * s.h().dim(2);
    expect
        .that(s.stride() >= channels, "stride must be at least " + channels + ", got " + s.stride())
        .span("u", s.u(), span(tokens, s.stride(), width))
        .floats("decay", s.decay(), width);
    s.gates().ifPresent(g -> expect.span("gates", g, span(tokens, s.stride(), 2 * width)));
    return expect;
  }

  /** See {@link Backend#rotate}. */
  public static void rotate(Rotation rotation) {
    Tensor table = rotation.table();
    Expect expect = Expect.of("rotate", "table", table).rank("table", table, 3);
    int width = rotation.heads() * table.dim(2);
    expect
        .that(table.dim(2) % 2 == 0, "table must have an even width, the head's")
        .that(
            rotation.stride() >= width, () -> "stride must be at least heads * head_dim = " + width)
        .span(
            "x",
            rotation.x(),
            span((long) rotation.batch() * table.dim(1), rotation.stride(), width));
  }
}
