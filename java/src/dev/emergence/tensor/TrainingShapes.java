package dev.emergence.tensor;

import java.util.Optional;

/** Shape checks of losses, optimisers and samplers; see {@link LayerShapes}. */
public final class TrainingShapes {
  private TrainingShapes() {}

  /** See {@link Backend#squaredError}. */
  public static void squaredError(
      Tensor prediction, Tensor target, Tensor loss, Optional<Tensor> dPrediction) {
    Expect expect =
        Expect.of("squaredError", "prediction", prediction)
            .that(prediction.rank() > 1, "prediction must be (R, N, d)");
    int n = prediction.rows();
    int d = prediction.dim(-1);
    expect
        .matrix("prediction", prediction, n, d)
        .matrix("target", target, n, d)
        .floats("loss", loss, n);
    dPrediction.ifPresent(t -> expect.matrix("dPrediction", t, n, d));
  }

  /** See {@link Backend#crossEntropy}. */
  public static void crossEntropy(
      Tensor logits, Tensor target, Tensor loss, Tensor correct, Optional<Tensor> dLogits) {
    Expect expect =
        Expect.of("crossEntropy", "logits", logits)
            .that(logits.rank() > 1, "logits must be (R, N, V)");
    int n = logits.rows();
    int v = logits.dim(-1);
    expect
        .matrix("logits", logits, n, v)
        .ints("target", target, n)
        .floats("loss", loss, n)
        .floats("correct", correct, n);
    dLogits.ifPresent(t -> expect.matrix("dLogits", t, n, v));
  }

  /** See {@link Backend#mean}. */
  public static void mean(Tensor x, Tensor out) {
    Expect.of("mean", "x", x).floats("x", x, x.perReplica()).floats("out", out, 1);
  }

  /** See {@link Backend#meanScored}. */
  public static void meanScored(Tensor x, Tensor target, Tensor out) {
    Expect.of("meanScored", "x", x)
        .floats("x", x, x.perReplica())
        .ints("target", target, x.perReplica())
        .floats("out", out, 1);
  }

  /** See {@link Backend#clipGradient}. */
  public static void clipGradient(Tensor gradient, double maxNorm, Tensor norm) {
    Expect.of("clipGradient", "gradient", gradient)
        .floats("gradient", gradient, gradient.perReplica())
        .floats("norm", norm, 1)
        .that(maxNorm > 0, "maxNorm must be above 0, got " + maxNorm);
  }

  /** See {@link Backend#advance}. */
  public static void advance(Tensor step, Tensor stoppedAt) {
    Expect.of("advance", "step", step).ints("step", step, 1).ints("stoppedAt", stoppedAt, 1);
  }

  /** See {@link Backend#learningRate}. */
  public static void learningRate(Tensor step, Tensor base, Tensor out) {
    Expect.of("learningRate", "step", step)
        .ints("step", step, 1)
        .floats("base", base, 1)
        .floats("out", out, 1);
  }

  /** See {@link Backend#adam}. */
  public static void adam(Moments m) {
    optimiser("adam", m).floats("v", m.v(), m.parameters().perReplica()).ints("step", m.step(), 1);
  }

  /** See {@link Backend#sgd}. */
  public static void sgd(Moments m) {
    optimiser("sgd", m);
  }

  private static Expect optimiser(String operation, Moments m) {
    long n = m.parameters().perReplica();
    return Expect.of(operation, "parameters", m.parameters())
        .floats("parameters", m.parameters(), n)
        .floats("gradient", m.gradient(), n)
        .floats("m", m.m(), n)
        .floats("learningRate", m.learningRate(), 1)
        .ints("stoppedAt", m.stoppedAt(), 1);
  }

  /** See {@link Backend#watch}. */
  public static void watch(Tensor loss, Tensor step, Tensor stoppedAt) {
    Expect.of("watch", "loss", loss)
        .floats("loss", loss, 1)
        .ints("step", step, 1)
        .ints("stoppedAt", stoppedAt, 1);
  }

  /** See {@link Backend#sampleLinearRegression}. */
  public static void sampleLinearRegression(LinearRegressionDraw draw) {
    Expect expect = Expect.of("sampleLinearRegression", "x", draw.x()).rank("x", draw.x(), 4);
    long n = draw.x().dim(1);
    long t = draw.x().dim(2);
    long d = draw.x().dim(3) - (draw.feature() ? 1 : 0);
    expect
        .that(d > 0, "x must have at least one column beside the feature")
        .that(t * d <= 1L << 33, "sequence_length * dim must be at most 2^33, got " + t + " * " + d)
        .ints("keys", draw.keys(), 2)
        .ints("step", draw.step(), 1)
        .floats("crossSample", draw.crossSample(), 1)
        .ints("inContext", draw.inContext(), 1)
        .ints("dataset", draw.dataset(), 1)
        .matrix("target", draw.target(), d, d)
        .floats("special", draw.special(), d)
        .ints("fixedPositions", draw.fixedPositions(), t)
        .matrix("y", draw.y(), n, d)
        .shape("relevant", draw.relevant(), DType.I32, n, t);
  }

  /** See {@link Backend#sampleRecall}. */
  public static void sampleRecall(RecallDraw draw) {
    Expect expect = Expect.of("sampleRecall", "sequence", draw.sequence());
    expect.that(draw.sequence().rank() == 3, "sequence must be (R, N, 2 * pairs + 1)");
    long n = draw.sequence().dim(1);
    long length = draw.sequence().dim(2);
    long pairs = (length - 1) / 2;
    // Without the query among the keys, one token less is left for them.
    long most = draw.tokens() - (draw.placement() == RecallDraw.Placement.BINOMIAL ? 1 : 0);
    expect
        .that(length % 2 == 1 && pairs > 0, "sequence must have an odd length of at least 3")
        .that(
            pairs <= most,
            "pairs must be at most " + most + " with " + draw.tokens() + " tokens, got " + pairs)
        .shape("sequence", draw.sequence(), DType.I32, n, length)
        .ints("keys", draw.keys(), 2)
        .ints("step", draw.step(), 1)
        .floats("crossSample", draw.crossSample(), 1)
        .ints("inContext", draw.inContext(), 1)
        .ints("dataset", draw.dataset(), 1)
        .ints("favoured", draw.favoured(), draw.favoured().perReplica())
        .ints("target", draw.target(), n)
        .shape("relevant", draw.relevant(), DType.I32, n, length)
        .ints("value", draw.value(), n)
        .shape("key", draw.key(), DType.I32, n, length);
  }
}
