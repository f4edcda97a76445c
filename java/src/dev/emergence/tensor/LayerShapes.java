package dev.emergence.tensor;

import java.util.Optional;

/**
 * Shape checks of the operations that layers are made of; one method an operation, called by every
 * backend before it runs or records it. Each raises {@link IllegalArgumentException} naming
 * operation, argument, what was expected and found.
 */
public final class LayerShapes {
  private LayerShapes() {}

  /** See {@link Backend#copy}. */
  public static void copy(Tensor from, Tensor to) {
    boolean same =
        from.perReplica() == to.perReplica()
            && from.replicas() == to.replicas()
            && from.dtype() == to.dtype();
    if (!same) {
      throw new IllegalArgumentException(
          "copy: from and to must have equal types and sizes, got " + from + " and " + to);
    }
  }

  /** See {@link Backend#accumulate}. */
  public static void accumulate(Tensor x, Tensor y) {
    Expect.of("accumulate", "y", y).floats("y", y, y.perReplica()).floats("x", x, y.perReplica());
  }

  /** See {@link Backend#gemm}. */
  public static void gemm(boolean transA, boolean transB, Tensor a, Tensor b, Tensor c) {
    Expect expect =
        Expect.of("gemm", "a", a).that(a.rank() > 1, "a must be matrices, (R, rows, columns)");
    expect.that(b.rank() > 1, () -> "b must be matrices, (R, rows, columns), got " + b);
    long m = transA ? a.dim(-1) : a.rows();
    long k = transA ? a.rows() : a.dim(-1);
    long n = transB ? b.rows() : b.dim(-1);
    expect
        .matrix("a", a, a.rows(), a.dim(-1))
        .matrix("b", b, transB ? n : k, transB ? k : n)
        .matrix("c", c, m, n);
  }

  /** See {@link Backend#biasActivation}. */
  public static void biasActivation(Tensor z, Tensor bias, Tensor out) {
    rows("biasActivation", "z", z)
        .floats("bias", bias, z.dim(-1))
        .matrix("out", out, z.rows(), z.dim(-1));
  }

  /** See {@link Backend#biasActivationBackward}. */
  public static void biasActivationBackward(Tensor dOut, Tensor slope, Tensor dZ, Tensor dBias) {
    rows("biasActivationBackward", "dOut", dOut)
        .matrix("slope", slope, dOut.rows(), dOut.dim(-1))
        .matrix("dZ", dZ, dOut.rows(), dOut.dim(-1))
        .floats("dBias", dBias, dOut.dim(-1));
  }

  /** See {@link Backend#biasResidual}. */
  public static void biasResidual(Tensor y, Tensor bias, Optional<Tensor> residual, Tensor out) {
    Expect expect =
        rows("biasResidual", "y", y)
            .floats("bias", bias, y.dim(-1))
            .matrix("out", out, y.rows(), y.dim(-1));
    residual.ifPresent(t -> expect.matrix("residual", t, y.rows(), y.dim(-1)));
  }

  /** See {@link Backend#biasBackward}. */
  public static void biasBackward(Tensor dY, Tensor dBias) {
    rows("biasBackward", "dY", dY).floats("dBias", dBias, dY.dim(-1));
  }

  /** See {@link Backend#embed}. */
  public static void embed(Tensor tokens, Tensor table, Tensor out) {
    embedding("embed", tokens, table, "out", out);
  }

  /** See {@link Backend#embedBackward}. */
  public static void embedBackward(Tensor tokens, Tensor dOut, Tensor dTable) {
    embedding("embedBackward", tokens, dTable, "dOut", dOut);
  }

  private static void embedding(
      String operation, Tensor tokens, Tensor table, String name, Tensor vectors) {
    Expect.of(operation, "table", table)
        .rank("table", table, 3)
        .ints("tokens", tokens, tokens.perReplica())
        .matrix(name, vectors, tokens.perReplica(), table.dim(2));
  }

  /**
   * See {@link Backend#addPositions}; with dX and dPositions, {@link Backend#addPositionsBackward}.
   */
  public static void addPositions(Tensor x, Tensor positions) {
    sequences("addPositions", "x", x).shape("positions", positions, DType.F32, x.dim(2), x.dim(3));
  }

  /** See {@link Backend#takeTokens}; with dX and dOut, {@link Backend#takeTokensBackward}. */
  public static void takeTokens(Tensor x, int first, Tensor out) {
    Expect expect = sequences("takeTokens", "x", x);
    int count = count(x, out);
    expect
        .that(
            first >= 0 && first <= x.dim(2) - count,
            "tokens must be from 0 to "
                + (x.dim(2) - 1)
                + ", got "
                + first
                + " to "
                + (first + count - 1))
        .matrix("out", out, (long) x.dim(1) * count, x.dim(3));
  }

  /** See {@link Backend#listMarks}. */
  public static void listMarks(Tensor marks, Tensor list) {
    Expect.of("listMarks", "marks", marks)
        .that(marks.rank() > 1 && marks.dtype() == DType.I32, "marks must be (R, N, L) i32")
        .ints("list", list, (long) marks.rows() * list.dim(-1));
  }

  /** How many tokens of each sequence of x go to out; at least 1. */
  public static int count(Tensor x, Tensor out) {
    return Math.max(1, Math.toIntExact(out.perReplica() / ((long) x.dim(1) * x.dim(3))));
  }

  /** See {@link Backend#meanTokens}; with dX and dOut, {@link Backend#meanTokensBackward}. */
  public static void meanTokens(Tensor x, Tensor out) {
    sequences("meanTokens", "x", x).matrix("out", out, x.dim(1), x.dim(3));
  }

  /** See {@link Backend#repeatTokens}. */
  public static void repeatTokens(Tensor x, Tensor out) {
    Expect expect =
        Expect.of("repeatTokens", "x", x)
            .that(x.rank() > 1 && out.rank() > 2, "x must be (R, B, ...), out (R, B, L, ...)");
    long[] inner = x.shape();
    long[] wanted = new long[inner.length];
    wanted[0] = inner[1];
    wanted[1] = out.dim(2);
    System.arraycopy(inner, 2, wanted, 2, inner.length - 2);
    expect.shape("out", out, x.dtype(), wanted);
  }

  /** See {@link Backend#layerNorm}. */
  public static void layerNorm(
      Tensor x, Tensor gamma, Tensor beta, Tensor out, Tensor mean, Optional<Tensor> rstd) {
    Expect expect =
        rows("layerNorm", "x", x)
            .floats("gamma", gamma, x.dim(-1))
            .floats("beta", beta, x.dim(-1))
            .matrix("out", out, x.rows(), x.dim(-1))
            .floats("mean", mean, x.rows());
    rstd.ifPresent(t -> expect.floats("rstd", t, x.rows()));
  }

  /** See {@link Backend#layerNormBackward}. */
  public static void layerNormBackward(Backend.LayerNormGradient g) {
    Tensor x = g.x();
    Expect expect =
        rows("layerNormBackward", "x", x)
            .matrix("dOut", g.dOut(), x.rows(), x.dim(-1))
            .floats("gamma", g.gamma(), x.dim(-1))
            .floats("mean", g.mean(), x.rows())
            .matrix("dX", g.dX(), x.rows(), x.dim(-1))
            .floats("dGamma", g.dGamma(), x.dim(-1))
            .floats("dBeta", g.dBeta(), x.dim(-1));
    g.rstd().ifPresent(t -> expect.floats("rstd", t, x.rows()));
    g.added().ifPresent(t -> expect.matrix("added", t, x.rows(), x.dim(-1)));
  }

  /** See {@link Backend#normScale}. */
  public static void normScale(Tensor z, Tensor rstd, Tensor bias) {
    rows("normScale", "z", z).floats("rstd", rstd, z.rows()).floats("bias", bias, z.dim(-1));
  }

  /** See {@link Backend#normScaleBackward}. */
  public static void normScaleBackward(Backend.NormScaleGradient g) {
    Tensor d = g.dOut();
    rows("normScaleBackward", "dOut", d)
        .matrix("out", g.out(), d.rows(), d.dim(-1))
        .matrix("dZ", g.dZ(), d.rows(), d.dim(-1))
        .floats("bias", g.bias(), d.dim(-1))
        .floats("dBias", g.dBias(), d.dim(-1))
        .matrix("x", g.x(), d.rows(), g.x().dim(-1))
        .matrix("dX", g.dX(), d.rows(), g.x().dim(-1))
        .floats("mean", g.mean(), d.rows())
        .floats("rstd", g.rstd(), d.rows());
  }

  private static Expect rows(String operation, String name, Tensor x) {
    Expect expect =
        Expect.of(operation, name, x).that(x.rank() > 1, name + " must be rows, (R, ..., n)");
    return expect.matrix(name, x, x.rows(), x.dim(-1));
  }

  private static Expect sequences(String operation, String name, Tensor x) {
    return Expect.of(operation, name, x).rank(name, x, 4);
  }
}
