package dev.emergence.backend;

import dev.emergence.tensor.Activation;
import dev.emergence.tensor.AdamOptions;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.DiagonalScan;
import dev.emergence.tensor.Draw;
import dev.emergence.tensor.FastWeights;
import dev.emergence.tensor.HeadProduct;
import dev.emergence.tensor.HostDraw;
import dev.emergence.tensor.LearningRate;
import dev.emergence.tensor.LinearRegressionDraw;
import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.RecallDraw;
import dev.emergence.tensor.Rotation;
import dev.emergence.tensor.Tensor;
import dev.emergence.tensor.TokenAttention;
import dev.emergence.tensor.TokenMix;
import java.util.Optional;

/**
 * A backend whose operations run in the native library, on the device of its context.
 *
 * <p>It has more than 300 lines because {@link dev.emergence.tensor.Backend} has that many
 * operations; each is one call, and the calls stand in classes of their own.
 */
final class NativeBackend extends NativeMemory {
  private final ArithmeticCalls arithmeticCalls;
  private final TokenCalls tokenCalls;
  private final AttentionCalls attentionCalls;
  private final ReadoutCalls readoutCalls;
  private final MixerCalls mixerCalls;
  private final TrainingCalls trainingCalls;
  private final SamplingCalls samplingCalls;

  /** Owns the context. */
  NativeBackend(String name, NativeContext context) {
    super(name, context);
    this.arithmeticCalls = new ArithmeticCalls(context);
    this.tokenCalls = new TokenCalls(context);
    this.attentionCalls = new AttentionCalls(context);
    this.readoutCalls = new ReadoutCalls(context);
    this.mixerCalls = new MixerCalls(context);
    this.trainingCalls = new TrainingCalls(context);
    this.samplingCalls = new SamplingCalls(context);
  }

  @Override
  public void zero(Tensor x) {
    arithmeticCalls.zero(x);
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    arithmeticCalls.copy(from, to);
  }

  @Override
  public void accumulate(Tensor x, Tensor y) {
    arithmeticCalls.accumulate(x, y);
  }

  @Override
  public void gemm(boolean transA, boolean transB, Tensor a, Tensor b, float beta, Tensor c) {
    arithmeticCalls.gemm(transA, transB, a, b, beta, c);
  }

  @Override
  public void biasActivation(Tensor z, Tensor bias, Activation activation, Tensor out) {
    arithmeticCalls.biasActivation(z, bias, activation, out);
  }

  @Override
  public void biasActivationBackward(Tensor dOut, Tensor slope, Tensor dZ, Tensor dBias) {
    arithmeticCalls.biasActivationBackward(dOut, slope, dZ, dBias);
  }

  @Override
  public void biasResidual(Tensor y, Tensor bias, Optional<Tensor> residual, Tensor out) {
    arithmeticCalls.biasResidual(y, bias, residual, out);
  }

  @Override
  public void biasBackward(Tensor dY, Tensor dBias) {
    arithmeticCalls.biasBackward(dY, dBias);
  }

  @Override
  public void embed(Tensor tokens, Tensor table, Tensor out) {
    tokenCalls.embed(tokens, table, out);
  }

  @Override
  public void embedBackward(Tensor tokens, Tensor dOut, Tensor dTable) {
    tokenCalls.embedBackward(tokens, dOut, dTable);
  }

  @Override
  public void addPositions(Tensor x, Tensor positions) {
    tokenCalls.addPositions(x, positions);
  }

  @Override
  public void addPositionsBackward(Tensor dX, Tensor dPositions) {
    tokenCalls.addPositionsBackward(dX, dPositions);
  }

  @Override
  public void takeTokens(Tensor x, int first, Tensor out) {
    tokenCalls.takeTokens(x, first, out);
  }

  @Override
  public void takeTokensBackward(Tensor dOut, int first, Tensor dX) {
    tokenCalls.takeTokensBackward(dOut, first, dX);
  }

  @Override
  public void meanTokens(Tensor x, Tensor out) {
    tokenCalls.meanTokens(x, out);
  }

  @Override
  public void meanTokensBackward(Tensor dOut, Tensor dX) {
    tokenCalls.meanTokensBackward(dOut, dX);
  }

  @Override
  public void repeatTokens(Tensor x, Tensor out) {
    tokenCalls.repeatTokens(x, out);
  }

  @Override
  public void listMarks(Tensor marks, Tensor list) {
    tokenCalls.listMarks(marks, list);
  }

  @Override
  public void layerNorm(
      Tensor x, Tensor gamma, Tensor beta, Tensor out, Tensor mean, Optional<Tensor> rstd) {
    tokenCalls.layerNorm(x, gamma, beta, out, mean, rstd);
  }

  @Override
  public void layerNormBackward(LayerNormGradient g) {
    tokenCalls.layerNormBackward(g);
  }

  @Override
  public void normScale(Tensor z, Tensor rstd, Tensor bias) {
    tokenCalls.normScale(z, rstd, bias);
  }

  @Override
  public void normScaleBackward(NormScaleGradient g) {
    tokenCalls.normScaleBackward(g);
  }

  @Override
  public void attention(Attention a) {
    attentionCalls.attention(a);
  }

  @Override
  public void attentionBackward(Attention.Gradient g) {
    attentionCalls.attentionBackward(g);
  }

  @Override
  public void attentionProbabilities(Attention a, Tensor p) {
    attentionCalls.attentionProbabilities(a, p);
  }

  @Override
  public void attentionMass(Attention a, Parents on, Tensor mass) {
    attentionCalls.attentionMass(a, on, mass);
  }

  @Override
  public void attentionEntropy(Attention a, Tensor queries, Tensor entropy) {
    attentionCalls.attentionEntropy(a, queries, entropy);
  }

  @Override
  public void attentionBiasBackward(
      Attention.Gradient g, int which, Tensor dStrength, boolean accumulate) {
    attentionCalls.attentionBiasBackward(g, which, dStrength, accumulate);
  }

  @Override
  public void attentionOverride(Attention a, Tensor p, Tensor heads) {
    attentionCalls.attentionOverride(a, p, heads);
  }

  @Override
  public void tokenAttention(TokenAttention a) {
    readoutCalls.tokenAttention(a);
  }

  @Override
  public void tokenAttentionBackward(TokenAttention.Gradient g) {
    readoutCalls.tokenAttentionBackward(g);
  }

  @Override
  public void headProduct(HeadProduct product) {
    readoutCalls.headProduct(product);
  }

  @Override
  public void mixTokens(TokenMix m) {
    mixerCalls.mixTokens(m);
  }

  @Override
  public void mixTokensBackward(TokenMix.Gradient g) {
    mixerCalls.mixTokensBackward(g);
  }

  @Override
  public void fastWeights(FastWeights f) {
    mixerCalls.fastWeights(f);
  }

  @Override
  public void fastWeightsBackward(FastWeights.Gradient g) {
    mixerCalls.fastWeightsBackward(g);
  }

  @Override
  public void diagonalScan(DiagonalScan s) {
    mixerCalls.diagonalScan(s);
  }

  @Override
  public void diagonalScanBackward(DiagonalScan.Gradient g) {
    mixerCalls.diagonalScanBackward(g);
  }

  @Override
  public void rotate(Rotation r, boolean inverse) {
    mixerCalls.rotate(r, inverse);
  }

  @Override
  public void squaredError(
      Tensor prediction, Tensor target, Tensor loss, Optional<Tensor> dPrediction) {
    trainingCalls.squaredError(prediction, target, loss, dPrediction);
  }

  @Override
  public void crossEntropy(
      Tensor logits, Tensor target, Tensor loss, Tensor correct, Optional<Tensor> dLogits) {
    trainingCalls.crossEntropy(logits, target, loss, correct, dLogits);
  }

  @Override
  public void mean(Tensor x, Tensor out) {
    trainingCalls.mean(x, Optional.empty(), out);
  }

  @Override
  public void meanScored(Tensor x, Tensor target, Tensor out) {
    trainingCalls.mean(x, Optional.of(target), out);
  }

  @Override
  public void clipGradient(Tensor gradient, double maxNorm, Tensor norm) {
    trainingCalls.clipGradient(gradient, maxNorm, norm);
  }

  @Override
  public void advance(Tensor step, Tensor stoppedAt) {
    trainingCalls.advance(step, stoppedAt);
  }

  @Override
  public void learningRate(LearningRate schedule, Tensor step, Tensor base, Tensor out) {
    trainingCalls.learningRate(schedule, step, base, out);
  }

  @Override
  public void adam(Moments moments, AdamOptions options) {
    trainingCalls.adam(moments, options);
  }

  @Override
  public void sgd(Moments moments, double momentum) {
    trainingCalls.sgd(moments, momentum);
  }

  @Override
  public void watch(Tensor loss, Tensor step, Tensor stoppedAt) {
    trainingCalls.watch(loss, step, stoppedAt);
  }

  @Override
  public void sampleLinearRegression(LinearRegressionDraw draw) {
    samplingCalls.linearRegression(draw);
  }

  @Override
  public void sampleRecall(RecallDraw draw) {
    samplingCalls.recall(draw);
  }

  @Override
  public void draw(Draw draw) {
    samplingCalls.draw(draw);
  }

  @Override
  public void gather(Tensor table, Tensor index, Tensor out) {
    samplingCalls.gather(table, index, out);
  }

  @Override
  public void drawHost(HostDraw draw) {
    draw.check();
    if (recording()) {
      samplingCalls.host(draw, feed(draw));
    } else {
      drawAtOnce(draw);
    }
  }
}
